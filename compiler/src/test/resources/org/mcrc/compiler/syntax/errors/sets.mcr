descriptor sets
vectors A = (1, 0)
vectors B = {(1, 0)} * 2
vectors C =
vectors D = {r in (1, 0) | r.1 > 0}
vectors F = {}
vectors G = {(1, 0) (0, 1)}
vectors H = {a - b for a in A for b in B}
vectors I = {r in window(P), norm(r) <= P}
let a = 0..3
let b = (0..3) + 1
let c = {1, 2}
let d = A & B
let e = count(3)
