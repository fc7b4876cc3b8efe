descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
output S[r: R] = mean[x](M[x] * M[x + r])
let e[x, r: R] = M[x] * M[x + r]
output T[n: 1..2] = mean[x](e[x, n])
output U = mean[x](e[x, 0] * e[x, x])
output V[r: R] = norm(2) * mean[x](M[x + (1 < 2)])
