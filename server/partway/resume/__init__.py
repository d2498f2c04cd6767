"""The plan that finishes a migration which stopped half way, and the procedure around it."""
