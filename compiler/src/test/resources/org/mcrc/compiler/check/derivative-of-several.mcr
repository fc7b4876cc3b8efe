descriptor example
field M in [0, 1]
function mix(a, b) = a * b
output S = mean[x](mix'(M[x], 2))
