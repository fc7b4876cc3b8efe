descriptor example
field M in [0, 1] rank 2
output S = sum[x](M[x] / (extent(x, 0) * extent(x, 3)))
