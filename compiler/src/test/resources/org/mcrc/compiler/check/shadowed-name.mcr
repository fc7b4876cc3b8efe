descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
output S[R: R] = mean[x](M[x])
output T = mean[x](sum[x](M[x]))
