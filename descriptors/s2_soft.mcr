/// Two-point correlations of phase 1 with a soft threshold: convolve, threshold, reduce. With the mean of the field at
/// the two ends of r, which is 1 where both are of phase 1 and 1/2 where one is,
///
///     S(r) = 1/N sum_x f((M(x) + M(x + r)) / 2),   f(z) = c1 / (1 + exp(-alpha (z + c2))) + c3
///
/// Seibert, Ambati, Raßloff, Kästner (2021): the linear reduction, eq. 14, of the soft ensemble, eqs. 16-22, on the
/// levels of eq. 23. Since f(1/2) is not 0, this is not S2 itself but as good: on two phases
/// S = (1 - 2 f(1/2)) S2 + 2 f(1/2) phi for all r but 0, where S is the volume fraction phi (as eqs. 26-28, with
/// f(1/2) in place of its square).
descriptor s2_soft

param P      = 31  in [1, 127]    // longest correlation vector on each level, in pixels
param alpha  = 10                 // slope of the soft threshold
param lambda = 10                 // strength of the bound penalty, relative to the descriptor error

field M in [0, 1]                 // indicator of phase 1, periodic

vectors R = halfwindow(P)         // one of r and -r: point symmetry

/// The soft threshold, eq. 21, with its constants from eq. 22.
function f(z) = c1 / (1 + exp(-alpha * (z + c2))) + c3
  solve c1 = 1, c2 = -0.7, c3 = 0
  where f(0) = 0, f(1) = 1, f''(0.75) = 0

multigrid coarsest 2 * (P + 1) weight 2^(level - 1)

/// The mean of the soft ensemble, eq. 14.
output S[r: R] = mean[x](f((M[x] + M[x + r]) / 2))

/// Keeps the field between 0 and 1: eqs. 11 and 13.
penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight lambda * E
