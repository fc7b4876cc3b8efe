/// Two- and three-point correlations of phase 1, exact on two phases: those of s2s3.mcr with what the soft threshold
/// adds taken away again. With T2(r) = 1/N sum_x e(x, r)^2, T3(a, b) = 1/N sum_x e(x, a) e(x, b) and h = f(1/2),
///
///     S2(r) = (T2(r) - 2 h^2 T2(0)) / (1 - 2 h^2)
///     S3(a, b) = (T3(a, b) - h (S2(a) + S2(b)) - h^2 (S2(0) - S2(a) - S2(b) + S2(a - b))) / (1 - 2 h)
///
/// for r, a, b other than 0 and a other than b; elsewhere S2(0) = T2(0) and S3(a, a) = S3(a, 0) = S3(0, a) = S2(a).
/// Seibert, Ambati, Raßloff, Kästner (2021), Appendix A: eqs. 29 and 31, which hold for fields of zeros and ones and
/// are taken over for all others (eq. 30).
///
/// It is exact where different vectors lead to different pixels: where every extent is more than 2 P.
descriptor s2s3_corrected

param P      = 31  in [1, 127]    // longest correlation vector on each level, in pixels
param alpha  = 10                 // slope of the soft threshold
param lambda = 10                 // strength of the bound penalty, relative to the descriptor error

field M in [0, 1]                 // indicator of phase 1, periodic

vectors R = halfwindow(P)                   // one of r and -r: point symmetry
vectors D = {a - b for a in R, b in R}      // what lies between the ends of two of them

/// The soft threshold, eq. 21, with its constants from eq. 22.
function f(z) = c1 / (1 + exp(-alpha * (z + c2))) + c3
  solve c1 = 1, c2 = -0.7, c3 = 0
  where f(0) = 0, f(1) = 1, f''(0.75) = 0

multigrid coarsest 2 * (P + 1) weight 2^(level - 1)

/// The soft ensemble, eq. 19.
let e[x, r: R] = f((M[x] + M[x + r]) / 2)

/// The correlations of the zero vector, soft and exact: the volume fraction.
let phi = mean[x](f(M[x])^2)

/// The soft two-point correlation: the diagonal of the quadratic reduction, eq. 15.
let T2[r: D] = mean[x](f((M[x] + M[x + r]) / 2)^2)

/// The soft three-point correlation: the quadratic reduction, eq. 15.
let T3[a: R, b: R] = mean[x](e[x, a] * e[x, b])

/// The two-point correlation, eq. 29.
let S2[r: D] = if r == 0 then phi else (T2[r] - 2 * f(0.5)^2 * phi) / (1 - 2 * f(0.5)^2)

/// The three-point correlation, eq. 31, with the two-point correlation where a = b.
output S3[a: R, b: R] =
  if a == b then S2[a]
  else if b == 0 then S2[a]
  else if a == 0 then S2[b]
  else (T3[a, b] - f(0.5) * (S2[a] + S2[b])
        - f(0.5)^2 * (phi - S2[a] - S2[b] + S2[a - b])) / (1 - 2 * f(0.5))

/// Keeps the field between 0 and 1: eqs. 11 and 13.
penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight lambda * E

loss l2
