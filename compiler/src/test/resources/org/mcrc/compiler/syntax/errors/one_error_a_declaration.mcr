descriptor five
param P = 31 in [1, 127)
field M in [0 1]
vectors R = halfwindow(P
ouput S[r: R] = mean[x] M[x] * M[x + r]
let e[x] = M[x] == 0 = 1
penalty = 3 weight E
loss l3
