descriptor example
field M in [0, 1]
output S[a: 0..2, b: 0..2 | (a == 0) == (b == 0)] = mean[x](M[x]^(a + b))
