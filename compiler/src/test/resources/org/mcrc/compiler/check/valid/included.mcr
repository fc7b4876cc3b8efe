/// Other descriptors, included.
descriptor included
param Q = 5
field M in [0, 1]
use near from "used/correlation.mcr" with P = 2 weight 3
use far from "used/correlation.mcr" with P = 2 * Q
