"""sqlx: `<version>_<name>.sql`, or a pair with `.up.sql` and `.down.sql`."""
