descriptor operands
let a[x] = x + + b
let b[x] = (1 + 2) *
let c[x] = * 2
let d[x] = f()
let e[x] = M[]
let f[x] = (a, )
let g[x] = ()
let h[x] = a +
   and b
let i[x] = 2x + 1
let j[x] = (2)(3)
let k[x] = M[x] M[x]
let l[x] = f(a b)
let m[x] = a[x][y]
let n[x] = [1, 2]
let o[x] = "file"
let p[x] = M[x: R]
let q[x] = f'
let r[x] = f'''(x)
let s[x] = 0 < M[x] < 1
let t[x] = a = b
let u[x] = x in R
let v[x] = sin M[x]
