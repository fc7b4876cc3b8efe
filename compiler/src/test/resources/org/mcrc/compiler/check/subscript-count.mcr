descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
field I[p: phases]
let e[x, r: R] = M[x] * M[x + r]
let phi = mean[x](M[x])
output S[r: R] = mean[x](e[x])
output T[p: phases] = mean[x](I[x, p] * I[x, p, p])
output U = mean[x](phi[x] * M[x])
