"""One read-only session for each family of engines: what is set on the server before anything is asked."""
