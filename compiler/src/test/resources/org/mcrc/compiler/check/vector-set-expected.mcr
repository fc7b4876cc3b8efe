descriptor example
field M in [0, 1]
vectors K = 0..3
vectors R = {0, 1, 2}
vectors W = {a + 1 for a in 0..2}
output S[r: R + K + W] = mean[x](M[x] * M[x + r])
output T[r: halfwindow(2) + (0..3)] = mean[x](M[x] * M[x + r])
