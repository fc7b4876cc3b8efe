descriptor example
field M in [0, 1]
output one = 1
output phi = mean[x](M[x])
penalty none = 2 weight 3
