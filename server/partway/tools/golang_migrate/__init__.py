"""golang-migrate: a pair of files `<version>_<name>.up.sql` and `.down.sql`."""
