/// Lineal-path function of phase 1: the probability that a chord of n + 1 pixels, thrown at random in direction d, lies
/// in phase 1 as a whole,
///
///     L(n, d) = 1/N sum_x prod_{k = 0..n} M(x + k d)
///
/// along the axes and the diagonals; L(0, d) is the volume fraction. It sees whether phase 1 is connected along lines,
/// which correlations of two points do not. Lu and Torquato, Physical Review A 45 (1992) 922.
descriptor lineal_path

param N      = 15  in [0, 127]    // length of the longest chord: N + 1 pixels
param lambda = 10                 // strength of the bound penalty, relative to the descriptor error

field M in [0, 1]                 // indicator of phase 1, periodic

vectors D = {d in halfwindow(1) | d != 0}   // axes and diagonals, one of d and -d

/// The lineal path of n + 1 pixels in direction d.
output L[n: 0..N, d: D] = mean[x](prod[k: 0..n](M[x + k*d]))

/// Keeps the field between 0 and 1: Seibert et al. (2021), eqs. 11 and 13.
penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight lambda * E
