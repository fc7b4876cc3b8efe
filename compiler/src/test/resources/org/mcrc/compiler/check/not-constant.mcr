descriptor example
field M in [0, 1]
param P = 3
let phi = mean[x](M[x])
function centred(z) = z - phi
output S[k: 0..P] = mean[x](M[x + k*(1, 0)]) weight phi
output T = mean[x](centred(M[x])) weight centred(0)
output U = sum[k: 0..M](k)
penalty bound = mean[x](M[x]^2) weight M[0]
