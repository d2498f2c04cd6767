"""The language server as editors see it: a process of its own, driven over the protocol."""
