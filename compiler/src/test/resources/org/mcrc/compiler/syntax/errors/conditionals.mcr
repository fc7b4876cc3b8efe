descriptor conditionals
let a[x] = if M[x] > 0 then 1
let b[x] = if M[x] > 0 1 else 2
let c[x] = if M[x] > 0 then else 2
let f[x] = a then 1 else 2
let d[x] = if M[x] > 0 then 1 else
