descriptor file_name_without_end
data W from "w.npy
let a = 3 +
