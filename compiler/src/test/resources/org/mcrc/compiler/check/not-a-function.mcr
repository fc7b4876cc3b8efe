descriptor example
field M in [0, 1]
param P = 2
let e[x] = M[x]^P
output S = mean[x](e(x) + P(1 - M[x]))
