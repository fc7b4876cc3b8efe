descriptor example
field M in [0, 1]
output phi = mean[x](M[x] * M)
