"""The same in SQL, on every engine."""
