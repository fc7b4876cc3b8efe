descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
output S[r: R] = mean[x](M[x] * M[r])
output T = mean[x](M[x] * M[0])
