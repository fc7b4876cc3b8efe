descriptor correlation
param P = 3 in [0, 64]
field M in [0, 1]
output S[r: halfwindow(P)] = mean[x](M[x] * M[x + r])
