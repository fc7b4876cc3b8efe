descriptor example
field M in [0, 1]
function mix(a, b) = a * b
output S[r: halfwindow] = mean[x](mix(M[x]) * atan2(M[x + r]))
output T[r: random(5, 2)] = mean[x](M[x] * clamp(M[x + r], 0) + max(M[x]))
