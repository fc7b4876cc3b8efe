descriptor circle
field M in [0, 1]
use back from "used/circle.mcr"
