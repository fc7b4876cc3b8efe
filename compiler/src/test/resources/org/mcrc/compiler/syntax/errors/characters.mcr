descriptor characters
let a[x] = b && c || !d
let b[x] = a % b ** 2;
let c[x] = a ≤ b × c − d
let d[x] = |M[x]|
let e[x] = @@ $
# comment
let _f = M[x]²
let g := 3
let h = 𝔸 € 3
data W from “w.npy”
