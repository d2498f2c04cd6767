"""Rails migrations that stop half way, and what finishes them."""
