descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
output S[r: R] = mean[x](M[x] * M[x + r]) * r
output T = mean[x](M[x] > 0.5)
output U[r: R] = abs(r) * mean[x](M[x])
