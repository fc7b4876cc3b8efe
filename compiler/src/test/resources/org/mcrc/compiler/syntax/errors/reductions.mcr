descriptor reductions
let a = sum(M[x])
let b = sum[x] M[x]
let c = avg[x](M[x])
let d = smu[x](M[x])
let e = mean
let f = sum[x | ](3)
let g = sum[x, | a](3)
let h = sum[k: 0..](k)
let i = sum[k: ](k)
let j = sum[k: 3](k)
let k = 2 * mean[x] + 1
