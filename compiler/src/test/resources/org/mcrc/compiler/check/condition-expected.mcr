descriptor example
field M in [0, 1]
vectors R = halfwindow(2)
output S[r: R] = if r then mean[x](M[x]) else 0
output T = sum[x | M[x]](M[x])
output U = mean[x](if M[x] > 0.5 and M[x] then M[x] else 0)
