"""The language server: the only place that knows an editor's protocol. `server` wires, each feature has a file."""
