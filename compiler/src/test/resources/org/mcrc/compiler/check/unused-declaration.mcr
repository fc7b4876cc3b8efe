descriptor example
field M in [0, 1]
param alpha = 10
vectors R = halfwindow(2)
function f(z) = z^2
let e[x] = f(M[x])
output phi = mean[x](M[x])
