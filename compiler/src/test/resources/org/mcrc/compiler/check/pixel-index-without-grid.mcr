descriptor example
field M in [0, 1]
output n = sum[x](1) * mean[y](M[y])
output m[x] = mean[y](M[y]) * size(x)
