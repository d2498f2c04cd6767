"""What a project says about its database and tools in files that it has anyway; one module for each kind of file."""
