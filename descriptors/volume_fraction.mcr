/// Volume fraction of phase 1: the share of pixels that are of phase 1,
///
///     phi = 1/N sum_x M(x)
///
/// which is also the two-point correlation of the zero vector, S2(0).
/// Torquato, Random Heterogeneous Materials (2002), section 2.1.
///
/// One number says nothing about where the pixels are: use it beside other descriptors.
descriptor volume_fraction

param mu = 0.3                    // strength of the grey penalty

field M in [0, 1]                 // indicator of phase 1

/// The volume fraction.
output phi = mean[x](M[x])

/// Keeps the field between 0 and 1 and draws it to either of them: the output alone can be had with grey pixels, too.
penalty grey = mean[x](abs(M[x] * (1 - M[x]))) weight mu
