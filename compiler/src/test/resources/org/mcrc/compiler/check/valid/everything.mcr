/// Declarations of all kinds.
descriptor everything
param alpha = 2 * 5 in [1, 100]
param tiny  = 1e-6
param half  = 0.5
field M in [0, 1] rank 2 boundary open
field q[c: 0..3] in [-1, 1]
data W[m: 0..3, d: window(1)] from "w.npy"
data shift from "shift.npy"
vectors R = halfwindow(2)
function f(z) = c1 * tanh(alpha * (z - half)) + c2
  solve c1 = 1, c2 = 0
  where f(0) = 0, f(1) = 1
function mix(a, b) = if a > b then a * b else max(a, b, tiny)
function hard(z) = step(z - half) derivative f'(z)
function centred(z) = z - phi
multigrid coarsest 8 factor 2 weight 2^(level - 1)
let phi = mean[x](M[x])
let e[x, m: 0..3] = relu(sum[d: window(1)](W[m, d] * M[x + d]) + shift)
output a_1[m: 0..3, n: 0..m] = mean[x](e[x, m] * e[x, n]) weight 10 * half
output b_1[r: R] = mean[x | r.1 > 0 or r == 0](mix(M[x], f(M[x + r])))
output c_1 = mean[x](centred(M[x])^2 + hard(M[x])) / (phi + tiny)
output d_1[k: 0..level] = max[x](clamp(M[x], 0, 1)^k) + min[x](M[x] / size(x) * extent(x, 1))
output g_1[k: 0..7] = sum[x | M[x] > k/8](M[x]) / 2
output h_1 = mean[x](if (M[x] > 0.5) and not (M[x] > 0.75) then M[x] else lgamma(M[x] + 1))
output o_1[p: phases] = mean[x](1 - sum[k: 0..3](q[x, k]^2)) * phases + p
report big = a_1[1, 1] + floor(sum[x](step(M[x] - 0.5)))
report second = big * pi
penalty bound = mean[x](relu(M[x] - 1)^2 + relu(-M[x])^2) weight alpha * E
penalty level1 = (phi - 0.5)^2 weight 2
loss rms
