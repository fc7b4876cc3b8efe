descriptor example
field M in [0, 1]
vectors R = halfwindow(level)
multigrid coarsest 8 weight 2^level
let e[x, k: 0..level] = level * M[x]
output S[r: R] = mean[x](M[x] * M[x + r]) weight level
output T = mean[x](e[x, 0])
penalty bound = mean[x](level * M[x]) weight 2
