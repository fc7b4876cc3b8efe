descriptor example
field M in [0, 1]
let hard[x] = if M[x] > 0.5 then 1 else 0
function steps(z) = floor(4 * z) / 4
function threshold(z) = step(z - 0.5)
output S = mean[x](M[x] * hard[x])
output h = mean[x](threshold(M[x]) + steps(M[x]))
output n = sum[x | M[x] > 0.5](1)
penalty p = mean[x]((M[x] - sign(M[x]))^2) weight 1
