descriptor example
field M in [0, 1]
param alpha = 10
vectors R = halfwindow(2)
vectors Q = halfwindw(2)
function soft(z) = sigmoid(alpah * z)
output S[r: RR] = mean[x](sotf(M[x]) * Mx[x + r])
output T[q: Q, r: R] = mean[x](ln(M[x + q]) * M[x + r] * alpha * soft(y))
