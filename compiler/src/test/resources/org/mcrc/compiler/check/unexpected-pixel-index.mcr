descriptor example
field M in [0, 1]
field I[p]
output phi = mean[x](M[x] * I[x, 0])
field N[x]
output d = mean[x](N[x])
