"""All tests: what Partway says, what it does, and how its house is kept."""
