descriptor example
field M in [0, 1]
let H[x] = mean[d: box(2)](M[0.5*x + d])
output S[k: 1..2] = mean[x](H[x] * M[k*x])
