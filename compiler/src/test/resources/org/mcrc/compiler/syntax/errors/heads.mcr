descriptor heads
param
param a
param b 3
param c =
param d == 3
param 3 = 4
param e = 1 in [1]
param f = 1 in 0..1
function f = 3
function g[x] = 3
function h() = 3
function i(z, ) = 3
function j(z) = 3 solve c = 1
function k(z) = 3 where c = 1
let e(x) = 3
let i[] = 3
let g[x | x == 0] = 2
multigrid
multigrid 3
multigrid coarsest
multigrid coarsest 3 weight 2 weight 3
slices
slices 1, 4, 1
slices every
slices 1 2
loss
use S2 "a.mcr"
use S2 from a.mcr
use S2 from ""
use S2 from "a.mcr" with P
data W1[m: 0..3] from w1
data W1[m: 0..3]
field in [0, 1]
let e[1: R] = 3
function f(z) = c solve c = 1 where f(1) 0
field M in [0, 1] rank 4
field M in [0, 1] weight 3
penalty p = 3
penalty q[x] = 3 weight 3
report r[i: R | i == 0] = 3 weight 4
output o = 3 weight
