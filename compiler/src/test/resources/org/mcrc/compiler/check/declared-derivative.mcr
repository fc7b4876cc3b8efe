descriptor example
field M in [0, 1]
function mix(a, b) = step(a) * b derivative b
output S = mean[x](mix(M[x], M[x]))
