"""Migration tools, one folder each: how a tool's files are recognised and read, and in which transactions they run."""
