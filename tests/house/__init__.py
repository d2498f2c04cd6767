"""How the project itself is kept: packaging, floors, documentation."""
