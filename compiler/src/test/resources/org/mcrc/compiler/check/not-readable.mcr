descriptor example
field M in [0, 1]
output phi = mean[x](M[x])
output variance = mean[x]((M[x] - phi)^2)
report ratio = variance / phi
penalty bound = mean[x](M[x]^2) weight 1
output square = bound
