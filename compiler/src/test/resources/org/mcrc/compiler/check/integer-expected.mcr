descriptor example
field M in [0, 1]
param half = 0.5
let e[x, k: 0..3] = M[x]^k
output a[r: window(2.5)] = mean[x](M[x] * M[x + r])
output b = mean[x](M[x + (1, half)])
output c[k: 0..6] = mean[x](e[x, k / 2])
output d = sum[k: 0..1 / 2](mean[x](M[x]))
output f = mean[x](M[x] mod 2)
