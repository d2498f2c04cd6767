"""The hooks, run by the real pre-commit program."""
