descriptor numbers
let a = 1.
let b = .5
let c = 2.5.
let h = 1.0.8 + 1.b
let d = 1e999
let e[r: R] = r.x + r
let f[r: R] = r.4
let g[r: R] = r.1.2
