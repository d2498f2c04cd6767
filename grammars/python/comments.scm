; Comments, in which suppressions stand.
(comment) @comment
