descriptor example
field M in [1, 0]
output phi = mean[x](M[x])
