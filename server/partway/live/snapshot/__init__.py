"""What a database's catalog says of the things that a migration names: one module per family of engines asks for it."""
