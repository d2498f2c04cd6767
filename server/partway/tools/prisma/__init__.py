"""Prisma Migrate: `migrations/<timestamp>_<name>/migration.sql`."""
