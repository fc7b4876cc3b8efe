param P = 3
descriptor late
descriptor later
