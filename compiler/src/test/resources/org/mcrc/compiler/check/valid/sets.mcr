/// Every form of vector set.
descriptor sets
param P = 3
field M in [0, 1]
vectors A = window(P, 2)
vectors B = {r in halfwindow(P) | norm(r) <= P and not (r == 0)}
vectors C = {(k, j) for k in 0..P, j in 0..k}
vectors D = (A + B) - C & axes(P)
vectors F = line((1, 1), 4) + random(3, P, 17) + {0, (1, 0), (-1, P)}
vectors Q = {2*r for r in {s in A | s.1 mod 2 == 0}}
let S[r: window(P)] = mean[x](M[x] * M[x + r])
output a_1[r: A] = S[r] / count(A)
output b_1[r: B, s: box(2)] = mean[x](M[x + s] * M[x + r])
output c_1[r: C + Q] = mean[x](M[x] * M[x + r])
output d_1[r: D] = sum[s: F | s != r and r != 0](mean[x](M[x + r] * M[x + s]))
