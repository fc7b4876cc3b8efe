/// Slices have two dimensions, penalties see the volume.
descriptor volume_slices
field M in [0, 1] rank 3
slices 1, 3
vectors R = {(0, 0), (1, 0), (0, 1)}
output S[r: R] = mean[x](M[x] * M[x + r])
penalty rough = mean[x]((M[x] - M[x + (0, 0, 1)])^2) weight 0.1
