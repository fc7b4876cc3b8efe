descriptor example
field M in [0, 1]
let phi = mean[x](M[x])
output a = mean[x, y](M[x + y])
output b[r: halfwindow(1)] = mean[x](M[r - x] * M[x / 2] * M[-x])
output c[r: halfwindow(1)] = mean[x](M[r * x] * phi)
output d[i] = mean[x](M[x] * M[x + i])
