"""Partway: a language server and linter for database migrations that can stop half way."""
