descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
output S[a: R, a: R] = mean[x](M[x] * M[x + a])
