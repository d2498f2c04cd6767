"""Real migrations through the real tools: ActiveRecord, Django and Alembic, on the engines of `tests.engines`."""
