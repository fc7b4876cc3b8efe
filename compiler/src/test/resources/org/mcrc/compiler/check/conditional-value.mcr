descriptor example
field M in [0, 1]
output S[r: halfwindow(2)] = mean[x](M[x] * M[if r == 0 then x else x + r])
