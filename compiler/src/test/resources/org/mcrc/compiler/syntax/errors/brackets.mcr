descriptor brackets
let a[x] = (b + c]
let b[x] = a + b)
let c[x] = mean[x]((M[x] + 1)
let d[x] = M[x
let e[x] = f(a, (b + c) * 2
vectors R = {(0, 0), (1, 0)
