/// Words that mean something in one place only are ordinary names elsewhere.
descriptor names
param weight = 1
param from = 2
field rank in [0, 1]
vectors for = halfwindow(2)
let boundary[x] = rank[x] * weight
output factor[with: for] = mean[where](boundary[where] * rank[where + with]) weight weight * from
