descriptor example
field M in [0, 1]
output S = mean[x](sigmoid'(M[x]))
