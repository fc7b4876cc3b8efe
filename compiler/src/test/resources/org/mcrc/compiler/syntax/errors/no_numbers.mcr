descriptor d
field M
output a = mean[x](1e*M[x])
output b = mean[x](0x10*M[x])
output c = mean[x](2M[x])
