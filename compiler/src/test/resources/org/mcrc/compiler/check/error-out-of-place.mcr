descriptor example
field M in [0, 1]
output phi = mean[x](M[x]) weight E
penalty bound = mean[x](M[x]^2) weight 2 * E
