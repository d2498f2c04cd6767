"""Supabase: `supabase/migrations/<timestamp>_<name>.sql`."""
