"""What Partway says of real databases: states, failure points, faults, and that it only reads."""
