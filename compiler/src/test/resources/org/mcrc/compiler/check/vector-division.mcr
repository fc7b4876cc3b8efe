descriptor example
field M in [0, 1]
output S[r: halfwindow(2)] = mean[x](M[x] * M[x + r / 2])
