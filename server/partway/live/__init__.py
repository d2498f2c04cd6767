"""The only floor that talks to databases: addresses, read-only sessions, snapshots of catalogs, and what they tell."""
