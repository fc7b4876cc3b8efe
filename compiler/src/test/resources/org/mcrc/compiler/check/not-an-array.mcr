descriptor example
field M in [0, 1]
param P = 2
vectors R = halfwindow(P)
function soft(z) = sigmoid(8 * z)
output S[r: R] = mean[x](soft[M[x]] * P[x] * R[0])
output T = mean[x](exp[M[x]])
output U[r: R] = mean[x](M[x] * M[x + r[0] * (1, 0)])
output V = mean[x](M[x] * x[0])
