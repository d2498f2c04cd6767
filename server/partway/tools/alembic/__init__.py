"""Alembic: revisions of SQLAlchemy schemas, written in Python."""
