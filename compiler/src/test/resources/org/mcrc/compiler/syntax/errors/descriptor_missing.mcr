param P = 3
field M
