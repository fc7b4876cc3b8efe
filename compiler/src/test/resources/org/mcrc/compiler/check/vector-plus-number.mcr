descriptor example
field M in [0, 1]
let S2[r: window(3)] = mean[x](M[x] * M[x + r])
output S[r: halfwindow(2)] = S2[r + 1]
