descriptor example
field M in [0, 1]
let e[x, k: 0..3] = M[x]^k
output a[k: 0..3] = mean[x](e[x, min(k, 2)])
output b[k: 0..3] = mean[x](M[x + (if k == 0 then 1 else 2)*(1, 0)])
output c = mean[x](e[x, mean[y](M[y])])
output d[n: 0..3] = sum[k: 0..min(n, 2)](mean[x](e[x, k]))
