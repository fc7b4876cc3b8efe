descriptor example
field M in [0, 1]
param n = phases
output h[k: 0..n] = mean[x](M[x]^k)
