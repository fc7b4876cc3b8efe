descriptor example
field M in [0, 1]
function f(z) = c1 * z
  solve c1 = 1, c2 = 0
  where f(1) = 1, f(0) = 0
output S = mean[x](f(M[x]))
