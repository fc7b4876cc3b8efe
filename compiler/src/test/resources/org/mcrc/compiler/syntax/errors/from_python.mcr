descriptor from_python
field M in [0, 1]
vectors R = halfwindow(2)
lambda = 3
param half = 31 // 2
def f(z) = z^2
g(z) = z^3
S[r: R] = mean[x](M[x] * M[x + r])
output a[r in R] = mean[x](M[x] * M[x + r])
output b = mean[x in M](M[x])
output c = np.mean(M)
output d = M.std()
output e = np.exp(mean[x](M[x]))
output h = mean[x](1 if M[x] > 0.5 else 0)
output i = mean[x](M[x] if M[x] > 0.5 else 0)
slices 0, 1
output j[k: 0..3] = mean[x](M[x]) * (k //2)
output k = mean[x](M[x]) // 2 is no divisor here
