descriptor example
field M in [0, 1]
param P = 3
vectors R = halfwindow(P)
function soft(z) = sigmoid(8 * z)
output a[r: P] = mean[x](M[x] * M[x + r])
output b[r: M] = mean[x](M[x] * M[x + r])
output c = mean[x](M[x] * R)
output d = mean[x](M[x] * soft)
output e = mean[x](M[x] * halfwindow(2))
output f[r: soft(2)] = mean[x](M[x] * M[x + halfwindow] * sigmoid)
output g[r: R(2)] = mean[x](M[x] * exp)
