/// Two- and three-point correlations of phase 1 with a soft threshold, on multigrid levels.
/// Seibert, Ambati, Raßloff, Kästner (2021), eqs. 6-23.
descriptor s2s3

param P      = 31  in [1, 127]    // longest correlation vector on each level, in pixels
param alpha  = 10                 // slope of the soft threshold
param lambda = 10                 // strength of the bound penalty, relative to the descriptor error

field M in [0, 1]                 // indicator of phase 1, periodic

vectors R = halfwindow(P)         // one of r and -r: point symmetry

function f(z) = c1 / (1 + exp(-alpha * (z + c2))) + c3
  solve c1 = 1, c2 = -0.7, c3 = 0
  where f(0) = 0, f(1) = 1, f''(0.75) = 0

multigrid coarsest 2 * (P + 1) weight 2^(level - 1)

let e[x, r: R] = f((M[x] + M[x + r]) / 2)

output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])

penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight lambda * E

loss l2
