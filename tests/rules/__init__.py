"""The rules' documentation, taken at its word: every example in it is run."""
