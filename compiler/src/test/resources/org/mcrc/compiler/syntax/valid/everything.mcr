/// Every construct of the language.
///
///   Indented documentation, with an empty line before it.
descriptor everything

/// A param.
param P = 31 in [1, 127]
param weight = 1e-3 in [-1, 1 + 2^-3]
param count_of = 2.50
param größe = 1.5E+10 param λ = 12345678901234567890

field M
field I[p: phases] in [0, 1] rank 3 boundary open
field q[c: 0..3, rank: 1..2] boundary periodic in [-1, 1]

data W[m: 0..3, d: D] from "weights/w 1.npy"
data scalar from "s.npy"

vectors D = window(P, 2, 1)
vectors A = {(0, 0), (1, 0), (0, -1)}
vectors B = {r in halfwindow(P) | norm(r) <= P and not r.1 == 0}
vectors C = {a - 2*b for a in A, b in {c in B | dot(c, c) > 1}}
vectors F = A + B - (C - D) & axes(3) + (A & line((1, 1), 4))
vectors G = (A + B) & random(10, P, 42)
vectors from = ((A))

function f(z) = c1 / (1 + exp(-P * (z + c2))) + c3
  solve c1 = 1, c2 = -0.7, c3 = 0
  where f(0) = 0, f(1) = 1, f''(0.75) = 0
function g(z, w) = z^2^w - f'(z)
function hard(z) = step(z - 0.5) derivative 6 * sigmoid(z)

multigrid coarsest 2 * (P + 1) factor 2 weight 2^(level - 1)
slices 3, 1
slices all

let e[x, r: D, k: 1..P + 1] = f((M[x] + M[x + k*r - (1, 0)]) / 2)
let with[x, d: A] = if d == 0 then 1 else if d.1 mod 2 != 0 or d.2 div 2 >= -1 then -2 else M[2*x + d]
let z = pi * level + phases - size(x) / extent(x, 1) + count(A + B) - count(0..3)
let h[x] = max(M[x], 0) + min(1, M[x]) + max[k: 0..3](M[x + (k, 0)]) - min[r: A | r != 0](M[x - r])
let n[x] = -M[x]^-2^3 * -(1 - -2) / (3 / 4) - (1 - (2 - 3)) + (-2)^2 + (a - b).2 + (if true1 then 1 else 2) * 3
let o = (not (a < b)) == (c > d) and (e1 or f1) and not not g1

output S[a: D, b: D | a.1 < b.1] = mean[x](e[x, a, 1] * e[x, b, 1]) weight weight * 2
output boundary = prod[x, k: 0..3 | k > 0 and k < 3](M[x + k*(1, 0)])
report R[p: phases, q1: phases, k: (0..3) + (5..7) | p < q1] = sum[x](I[x, p] * I[x, q1])
penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight λ * E
loss rms
use S2 from "s2.mcr"
use S3 from "library/s3.mcr" with P = P / 2, Q = 3 weight 0.5
