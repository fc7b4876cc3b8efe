descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
output S[r: R] = mean[x](sum[k: 0..r.1](M[x + k*(1, 0)]))
