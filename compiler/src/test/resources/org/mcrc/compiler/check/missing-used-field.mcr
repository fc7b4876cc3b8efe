descriptor example
field N in [0, 1]
use corr from "used/correlation.mcr"
output phi = mean[x](N[x])
