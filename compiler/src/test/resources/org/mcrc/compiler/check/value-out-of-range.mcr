descriptor example
field M in [0, 1]
param P = 200 in [1, 127]
vectors R = halfwindow(P)
output S[r: R] = mean[x](M[x] * M[x + r])
use corr from "used/correlation.mcr" with P = 100
