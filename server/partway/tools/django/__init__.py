"""Django: migrations in Python, a list of operations that a schema editor turns into statements."""
