descriptor example
field M in [0, 1]
function f(z) = c1 * z + c2
  solve c1 = 1, c2 = 0
  where f(1) = 1
output S = mean[x](f(M[x]))
