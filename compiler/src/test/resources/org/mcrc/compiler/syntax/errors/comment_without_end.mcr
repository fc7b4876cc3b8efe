descriptor comment_without_end
field M
/* from here on everything is a comment
output S = mean[x](M[x])
