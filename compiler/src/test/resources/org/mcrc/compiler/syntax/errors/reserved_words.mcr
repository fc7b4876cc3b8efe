descriptor reserved_words
param field = 3
let if[x] = 3
param step = 2
output S[level: 0..3] = mean[E](M[E])
vectors window = A
let a[x] = 2 * data + 1
let mean[x] = 3
