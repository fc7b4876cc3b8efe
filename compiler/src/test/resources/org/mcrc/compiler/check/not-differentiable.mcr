descriptor example
field M in [0, 1]
output phi = mean[x](step(M[x] - 0.5))
output n = mean[x](if M[x] > 0.5 then 1 else 0)
output one = 1
