descriptor example
field M in [0, 1]
vectors A = {(1, 0), (0, 1)}
vectors B = {(1, 0, 0)}
output S[a: A, b: B] = mean[x](M[x] * M[x + a] * M[x + b])
