"""Resume migrations, proved by stopping migrations at every point."""
