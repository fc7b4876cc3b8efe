descriptor example
field M in [0, 1]
output S[r: halfwindow(2)] = mean[x](if r == 0 then M[x] else r)
