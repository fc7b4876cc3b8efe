descriptor example
field M in [0, 1]
vectors S = halfwindow(2)
output S[r: S] = mean[x](M[x] * M[x + r])
