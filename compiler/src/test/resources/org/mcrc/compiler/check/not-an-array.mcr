descriptor example
field M in [0, 1]
param P = 2
vectors R = halfwindow(P)
function soft(z) = sigmoid(8 * z)
output S[r: R] = mean[x](soft[M[x]] * P[x] * R[0])
output T = mean[x](exp[M[x]])
