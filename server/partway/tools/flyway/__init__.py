"""Flyway: V, U and R files, callbacks, and their script configurations."""
