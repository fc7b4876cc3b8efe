descriptor example
field M in [0, 1]
output a = mean[x](x * M[x])
output b = sum[x | x == 0](M[x])
output c = mean[x](M[x] * x.1)
output d = mean[x](M[x] * norm(x))
