"""Flyway's way out of its transaction, where it does not see for itself that a file needs it: a file beside it."""

from __future__ import annotations

from partway.core.migration import Migration, Section
from partway.tools.opting_out import OptOut
from partway.tools.place import file_name


def opt_out(migration: Migration, section: Section) -> OptOut:  # noqa: ARG001 # the same for each section
    """A file beside the migration, so nothing that an edit can do."""
    name = file_name(migration.source.path)
    return OptOut(f"Put executeInTransaction=false into {name}.conf beside the file")
