"""`partway status` on projects that real tools have run, whole or in part."""
