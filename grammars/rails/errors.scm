; What the grammar could not fit in.
[(ERROR) (MISSING)] @error
