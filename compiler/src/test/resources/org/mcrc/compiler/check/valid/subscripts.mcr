/// Every form of subscript that the language has.
descriptor subscripts
param K = 2
param P = 3
field M in [0, 1]
field I[p: phases] in [0, 1]
vectors R = halfwindow(P)
vectors W = {a - b for a in R, b in R}
let e[x, r: W, k: 0..3] = M[x + r - 0] * M[r + x]^k
let S2[r: W] = mean[x](M[x] * M[x + r])
let L[n: 0..8] = mean[x](prod[k: 0..n](M[x + k*(1, 0)]))
let H[x] = mean[d: box(2)](M[2*x + d])
let G[x] = mean[d: box(2)](H[x*K + d])
function next(n) = n + 1
output i_1[k: {j in 0..7 | j mod 2 == 1}, m: {2*j for j in 0..2} + (3..5)] = L[k] + L[m] + L[next(k)]
output j_1 = mean[x](sigmoid''(M[x]) + exp'(M[x]))
output a_1[r: R, s: R] = S2[r - s] + S2[0] + S2[-r] + S2[(1, 0)]
output b_1[n: 0..3] = L[n + 1] - L[2*n] + L[n div 2] + L[n mod 2] + L[n^2 - n^2]
output c_1[r: R, s: R] = mean[x](e[x + r - s, r, 0] * e[x, s, 2 - 1])
output d_1[r: R] = mean[x](M[x + 2*r] * M[x + r*2] * M[x - r]) * norm(r) * dot(r, r) * (r.1 + r.2)
output f_1[p: phases, q: phases | p < q] = mean[x](I[x, p] * I[x, q])
output g_1 = mean[x](G[x]^2) + mean[y](H[y] * M[2*y])
output h_1[x] = M[x] * M[x + (P - 1, 0)]
