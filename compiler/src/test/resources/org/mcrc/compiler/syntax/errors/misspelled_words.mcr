descripter misspelled
parm P = 3
Field M in [0, 1] boundary opne
multigird coarsest 4
function f(z) = c * z
  solv c = 1 where f(1) = 1
quux S[r: R] = mean[x](M[x])
output S[r: R] = men[x](M[x]) wieght 3
loss L2
