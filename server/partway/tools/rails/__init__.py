"""Rails: migrations in Ruby, run by ActiveRecord."""
