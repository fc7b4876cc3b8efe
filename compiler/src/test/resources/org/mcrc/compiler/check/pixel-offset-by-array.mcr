descriptor example
field M in [0, 1]
output S = mean[x](M[x] + x)
