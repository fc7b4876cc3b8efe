descriptor example
field M in [0, 1]
use s2 from "used/absent.mcr"
output phi = mean[x](M[x])
