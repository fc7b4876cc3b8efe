descriptor example
field M in [0, 1]
report phi = mean[x](M[x])
