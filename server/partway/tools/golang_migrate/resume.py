"""golang-migrate's resume migrations: the next number, if there is one before what follows; both directions."""

from __future__ import annotations

from partway.tools.golang_migrate.tool import NAME
from partway.tools.place import file_name
from partway.tools.resuming import CannotResume, Request, Resumed, Written
from partway.tools.resuming_file import NOTHING_TO_UNDO, by_hand, sibling, written
from partway.tools.resuming_place import next_number
from partway.tools.resuming_sql import Style, visible

__all__ = ["resume", "visible"]


def resume(request: Request) -> Resumed:
    """The file of the way up, and that of the way down beside it. Raises CannotResume."""
    name = file_name(request.file.path)
    match = NAME.fullmatch(name)
    if match is None:
        raise CannotResume(f"golang-migrate does not run {name}")
    number = next_number(match[1], [item.identity for item in request.following])
    if number is None:
        return by_hand(request, Style(), "golang-migrate")
    base = f"{number}_finish_{match[2]}"
    down = Written(sibling(request, f"{base}.down.sql"), f"-- {NOTHING_TO_UNDO.format(name)}\nSELECT 1;\n")
    return written(request, sibling(request, f"{base}.up.sql"), number, Style(), beside=[down])
