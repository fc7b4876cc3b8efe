/// Lineal-path function of phase 1: the probability that a chord of n + 1 pixels, thrown at random in direction d, lies
/// in phase 1 as a whole,
///
///     L(n, d) = 1/N sum_x prod_{k = 0..n} M(x + k d)
///
/// along the axes and the diagonals; L(0, d) is the volume fraction. It sees whether phase 1 is connected along lines,
/// which correlations of two points do not. Lu and Torquato, Physical Review A 45 (1992) 922.
descriptor lineal_path

param N  = 15 in [0, 127]         // length of the longest chord: N + 1 pixels
param mu = 0.1                    // strength of the grey penalty

field M in [0, 1]                 // indicator of phase 1, periodic

vectors D = {d in halfwindow(1) | d != 0}   // axes and diagonals, one of d and -d

/// The lineal path of n + 1 pixels in direction d.
output L[n: 0..N, d: D] = mean[x](prod[k: 0..n](M[x + k*d]))

/// Keeps the field between 0 and 1 and draws it to either of them: the output alone can be had with grey pixels, too.
penalty grey = mean[x](abs(M[x] * (1 - M[x]))) weight mu
