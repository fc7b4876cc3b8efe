descriptor example
field M in [0, 1]
use other from "used/circle.mcr"
output phi = mean[x](M[x])
