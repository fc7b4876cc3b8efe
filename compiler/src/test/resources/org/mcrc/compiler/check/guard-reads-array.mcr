descriptor example
field M in [0, 1]
let e[k: 0..3] = mean[x](M[x]^k)
output S[k: 0..3 | e[k] > 0.5] = e[k]
