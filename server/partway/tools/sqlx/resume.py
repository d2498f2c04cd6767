"""sqlx's resume migrations: the next number, if there is one before what follows; both directions where it has them."""

from __future__ import annotations

from partway.tools.place import file_name
from partway.tools.resuming import CannotResume, Request, Resumed, Written
from partway.tools.resuming_file import NOTHING_TO_UNDO, by_hand, opted_out, recorded, sibling, written
from partway.tools.resuming_place import next_number
from partway.tools.resuming_sql import Style, visible
from partway.tools.sqlx.tool import NAME, OPT_OUT

__all__ = ["resume", "visible"]


def resume(request: Request) -> Resumed:
    """The file, with that of the way down where the failed migration has one. Raises CannotResume."""
    name = file_name(request.file.path)
    match = NAME.fullmatch(name)
    if match is None:
        raise CannotResume(f"sqlx does not run {name}")
    number = next_number(match[1], [item.identity for item in request.following])
    if number is None:
        return by_hand(request, Style(), "sqlx")
    later = recorded(request, f"version > {int(number)} AND success")
    base = f"{number}_finish_{match[2]}"
    beside = []
    if match[3]:
        down = f"-- {NOTHING_TO_UNDO.format(name)}\nSELECT 1;\n"
        beside.append(Written(sibling(request, f"{base}.down.sql"), down))
    path = sibling(request, f"{base}.up.sql" if match[3] else f"{base}.sql")
    found = written(request, path, number, Style(later=later), beside=beside)
    if not opted_out(request):
        return found
    # sqlx looks for it at the very beginning.
    return found._replace(text=f"{OPT_OUT}{request.migration.source.newline}{found.text}")
