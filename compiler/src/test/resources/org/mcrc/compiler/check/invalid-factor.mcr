descriptor example
field M in [0, 1]
multigrid coarsest 8 factor 1
output phi = mean[x](M[x])
