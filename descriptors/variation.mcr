/// Variation along each axis: how much phase boundary there is, as the number of steps between phases that a line along
/// the axis meets per pixel,
///
///     V(d) = 1/N sum_x |M(x + d) - M(x)|,   d = e_1, e_2 (, e_3)
///
/// On two phases V(d) = 2 (S2(0) - S2(d)), and the sum over d is the surface of the phases measured along the axes, in
/// 1/pixel. As a function of grey values it is the total variation, taken axis by axis, of Rudin, Osher, Fatemi,
/// Physica D 60 (1992) 259, which keeps reconstructions free of noise: use it beside other descriptors.
descriptor variation

param mu = 0.1                    // strength of the grey penalty

field M in [0, 1]                 // indicator of phase 1, periodic

vectors D = {d in axes(1) | d != 0}         // one step along each axis

/// The steps along the axis of d, per pixel.
output V[d: D] = mean[x](abs(M[x + d] - M[x]))

/// Keeps the field between 0 and 1 and draws it to either of them: the output alone can be had with grey pixels, too.
penalty grey = mean[x](abs(M[x] * (1 - M[x]))) weight mu
