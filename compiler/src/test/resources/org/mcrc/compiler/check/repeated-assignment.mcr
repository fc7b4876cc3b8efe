descriptor example
field M in [0, 1]
use corr from "used/correlation.mcr" with P = 2, P = 3
