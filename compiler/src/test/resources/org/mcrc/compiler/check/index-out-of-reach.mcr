descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
output S[r: R] = mean[x](M[x] * M[x + r]) weight 1 / norm(r)
output T[n: 1..3, r: window(n)] = mean[x](M[x] * M[x + r])
output U = sum[k: 0..n, n: 0..3](mean[x](M[x + k*(1, 0)]^n))
function f(z) = c * z
  solve c = 1
  where c * z = 1
output V = mean[x](f(M[x]))
