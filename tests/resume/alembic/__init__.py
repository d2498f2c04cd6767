"""Half-run Alembic revisions: stopped by the real tool, resumed, and compared with an undisturbed run."""
