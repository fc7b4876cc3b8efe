descriptor example
field M in [0, 1] rank 2
vectors R = {r in window(2) | r.1 >= 0}
output S[r: R] = r.3 * mean[x](M[x] * M[x + r])
