/// Five mistakes of different kinds, all of which are to be reported.
descriptor five
param P = 31 in [1, 127]
field M in [0, 1]
vectors R = halfwindw(P)
let e[x, r: R] = M[x] * M[x + 1]
output S[a: R, b: R] = mean[x](e[x, a] * e[x])
output T[a: R] = mean[x](f(M[x]))
penalty bound = mean[x](relu(M[x] - 1)^2) weight lambda * E
loss l2
