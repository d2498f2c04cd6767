"""What is read from a project's own files."""
