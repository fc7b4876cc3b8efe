/// Correlations between the phases of a microstructure with any number of them: the probability that a vector r thrown
/// at random starts in phase p and ends in phase q,
///
///     S2(p, q, r) = 1/N sum_x I(x, p) I(x + r, q)
///
/// together with the volume fractions. That is all there is to know about two points: q to p is p to q with -r, and
/// from a phase to itself lead the vectors that lead to no other: S2(p, p, r) = phi(p) - sum_{q != p} S2(p, q, r).
/// Niezgoda, Fullwood, Kalidindi, Acta Materialia 56 (2008) 5285; Seibert, Ambati, Raßloff, Kästner (2021), section
/// 3.2.1 and eq. 27; levels: ibid., section 3.3.
descriptor cross_correlations

param P      = 15  in [1, 127]    // longest correlation vector on each level, in pixels
param lambda = 10                 // strength of the penalties, relative to the descriptor error

field I[p: phases] in [0, 1]      // indicators of the phases, periodic

vectors R = window(P)             // r and -r: from p to q is not from q to p

multigrid coarsest 2 * (P + 1) weight 2^(level - 1)

/// The volume fraction of each phase.
output phi[p: phases] = mean[x](I[x, p])

/// The correlations from each phase to each later one.
output S2[p: phases, q: phases, r: R | p < q] = mean[x](I[x, p] * I[x + r, q])

/// Keeps the indicators between 0 and 1: Seibert et al. (2021), eqs. 11 and 13.
penalty bound = mean[x](sum[p: phases]((relu(I[x, p] - 1) + relu(-I[x, p]))^2)) weight lambda * E

/// Every pixel is of one phase: its indicators add up to 1.
penalty partition = mean[x]((sum[p: phases](I[x, p]) - 1)^2) weight lambda * E
