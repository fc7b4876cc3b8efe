descriptor example
field M in [0, 1]
output S[k: 0..3] = mean[x](M[x]) * k.1
