descriptor example
field M in [0, 1]
param P = -2
vectors R = halfwindow(P)
vectors B = box(-1)
output S[r: R, b: B] = mean[x](M[x + b] * M[x + r])
