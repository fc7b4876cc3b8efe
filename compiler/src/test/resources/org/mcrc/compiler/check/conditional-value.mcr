descriptor example
field M in [0, 1]
output S[r: halfwindow(2)] = mean[x](M[x + (if r == 0 then (1, 0) else r)])
