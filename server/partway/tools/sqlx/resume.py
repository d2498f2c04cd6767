"""sqlx's resume migrations: the next number, if there is one before what follows; both directions where it has them."""

from __future__ import annotations

import re

from partway.tools.place import file_name
from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import in_turn, opted_out, recorded, sibling, way_down, written
from partway.tools.resuming_sql import Style, visible
from partway.tools.sqlx.tool import NAME, OPT_OUT

__all__ = ["resume", "visible"]


def resume(request: Request) -> Resumed:
    """The file, with that of the way down where the failed migration has one. Raises CannotResume."""
    return in_turn(request, "sqlx", NAME.fullmatch(file_name(request.file.path)), _style, _files)


def _style(request: Request, number: str) -> Style:
    return Style(later=recorded(request, f"version > {int(number)} AND success"))


def _files(request: Request, match: re.Match[str], number: str, style: Style) -> Resumed:
    base, both = f"{number}_finish_{match[2]}", bool(match[3])
    beside = [way_down(request, f"{base}.down.sql")] if both else []
    path = sibling(request, f"{base}.up.sql" if both else f"{base}.sql")
    found = written(request, path, number, style, beside=beside)
    if not opted_out(request):
        return found
    # sqlx looks for it at the very beginning.
    return found._replace(text=f"{OPT_OUT}{request.migration.source.newline}{found.text}")
