"""Plain SQL files to migrations."""

from __future__ import annotations

from partway.core.migration import Migration
from partway.core.source import SourceFile
from partway.tools.place import place
from partway.tools.setup import Setup
from partway.tools.sql.conventions import File, parts
from partway.tools.sql_sections import migration


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file, which has no identity of its own."""
    return migration(
        source, setup, "", parts(File(source, place(source.path), setup.settings, setup.dialect))
    )
