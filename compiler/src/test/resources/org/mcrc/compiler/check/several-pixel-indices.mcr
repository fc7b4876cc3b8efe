descriptor example
field M in [0, 1]
let pairs[x, y] = M[x] * M[y]
output phi = mean[x, y](pairs[x, y])
