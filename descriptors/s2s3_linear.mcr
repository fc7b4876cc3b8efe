/// Two- and three-point correlations of phase 1 without a threshold, f(z) = z: the ablation of figure 7,
///
///     S(a, b) = 1/N sum_x e(x, a) e(x, b),   e(x, r) = (M(x) + M(x + r)) / 2
///
/// Seibert, Ambati, Raßloff, Kästner (2021), section 5.1: it holds the same information as s2s3.mcr, but it treats the
/// two phases alike and finds its way from a random field much more slowly.
descriptor s2s3_linear

param P      = 31  in [1, 127]    // longest correlation vector on each level, in pixels
param lambda = 10                 // strength of the bound penalty, relative to the descriptor error

field M in [0, 1]                 // indicator of phase 1, periodic

vectors R = halfwindow(P)         // one of r and -r: point symmetry

multigrid coarsest 2 * (P + 1) weight 2^(level - 1)

/// The ensemble without its threshold, eq. 16.
let e[x, r: R] = (M[x] + M[x + r]) / 2

/// The quadratic reduction of the ensemble, eq. 15.
output S[a: R, b: R] = mean[x](e[x, a] * e[x, b])

/// Keeps the field between 0 and 1: eqs. 11 and 13.
penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight lambda * E

loss l2
