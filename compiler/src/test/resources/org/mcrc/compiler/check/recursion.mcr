descriptor example
field M in [0, 1]
param P = Q + 1
param Q = P - 1
function f(z) = z * g(z)
function g(z) = f(z) + P
output phi = mean[x](f(M[x]))
