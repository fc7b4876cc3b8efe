descriptor example
output one = 1
