; What Python's grammar has no place for: an ERROR node, or a node that had to be made up.
(ERROR) @error
(MISSING) @error
