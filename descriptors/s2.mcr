/// Two-point correlation of phase 1: the probability that a vector r thrown at random into the microstructure starts
/// and ends in phase 1, as a product of the field's values at its two ends,
///
///     S2(r) = 1/N sum_x M(x) M(x + r)
///
/// for all vectors of the window |r_i| <= P but one of each pair r, -r, for which it is the same. The microstructure is
/// periodic. Torquato, Random Heterogeneous Materials (2002), section 2.2; Seibert, Ambati, Raßloff, Kästner (2021),
/// section 3.2.1; levels: ibid., section 3.3.
descriptor s2

param P      = 31  in [1, 1023]   // longest correlation vector on each level, in pixels
param lambda = 10                 // strength of the bound penalty, relative to the descriptor error

field M in [0, 1]                 // indicator of phase 1, periodic

vectors R = halfwindow(P)         // one of r and -r: point symmetry

multigrid coarsest 2 * (P + 1) weight 2^(level - 1)

/// The two-point correlation; its value at the zero vector is the volume fraction.
output S2[r: R] = mean[x](M[x] * M[x + r])

/// Keeps the field between 0 and 1: Seibert et al. (2021), eqs. 11 and 13.
penalty bound = mean[x]((relu(M[x] - 1) + relu(-M[x]))^2) weight lambda * E
