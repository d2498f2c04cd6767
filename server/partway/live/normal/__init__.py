"""Normal forms: what a migration writes and what an engine shows of it, made comparable. Never a guess: None where it
cannot be told."""
