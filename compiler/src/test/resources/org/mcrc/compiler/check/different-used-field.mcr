descriptor example
field M[p: phases] in [0, 1]
use corr from "used/correlation.mcr"
output phi[p: phases] = mean[x](M[x, p])
