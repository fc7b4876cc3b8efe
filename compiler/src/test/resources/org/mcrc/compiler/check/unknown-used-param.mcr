descriptor example
field M in [0, 1]
use corr from "used/correlation.mcr" with p = 2, alpha = 3
