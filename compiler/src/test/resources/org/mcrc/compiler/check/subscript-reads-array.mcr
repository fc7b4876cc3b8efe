descriptor example
field M in [0, 1]
let e[x, k: 0..3] = M[x]^k
output a = mean[x](e[x, floor(3 * M[x])])
output b[n: 0..3] = sum[k: 0..floor(mean[y](M[y]))](mean[x](e[x, k]) * n)
output c = mean[x](M[x + (if M[x] > 0.5 then (1, 0) else (0, 1))])
