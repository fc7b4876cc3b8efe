descriptor example
field M in [0, 1] rank 2
slices all
output phi = mean[x](M[x])
