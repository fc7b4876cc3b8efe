descriptor example
field M in [0, 1]
let H[x] = mean[d: box(2)](M[2*x + d])
output S = mean[x](H[x] * M[x])
