"""Resume migrations in plain SQL: a file beside the failed one, whose name sorts right behind it."""

from __future__ import annotations

import re

from partway.tools.place import file_name
from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import nothing_to_undo, sibling, stem, way_up, written
from partway.tools.resuming_sql import Style, visible

__all__ = ["resume", "visible"]

_SQL_MIGRATE = re.compile(r"^--[ \t]*\+migrate[ \t]+Up\b[^\r\n]*", re.MULTILINE | re.IGNORECASE)
_BLOCK = ("-- +migrate StatementBegin", "-- +migrate StatementEnd")


def resume(request: Request) -> Resumed:
    """The file. Raises CannotResume."""
    name = stem(request.file.path)
    path = sibling(request, f"{name}_resume{file_name(request.file.path)[len(name) :]}")
    marked = _SQL_MIGRATE.search(request.migration.source.text)
    if marked is not None and way_up(request) is not None:
        foot = ["", "-- +migrate Down", nothing_to_undo(request)]
        return written(request, path, "", Style(_BLOCK), head=[marked[0].rstrip()], foot=foot)
    return written(request, path, "", Style())
