"""golang-migrate's resume migrations: the next number, if there is one before what follows; both directions."""

from __future__ import annotations

import re

from partway.tools.golang_migrate.tool import NAME
from partway.tools.place import file_name
from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import in_turn, sibling, way_down, written
from partway.tools.resuming_sql import Style, visible

__all__ = ["resume", "visible"]


def resume(request: Request) -> Resumed:
    """The file of the way up, and that of the way down beside it. Raises CannotResume."""
    return in_turn(request, "golang-migrate", NAME.fullmatch(file_name(request.file.path)), _files)


def _files(request: Request, match: re.Match[str], number: str) -> Resumed:
    base = f"{number}_finish_{match[2]}"
    down = way_down(request, f"{base}.down.sql")
    return written(request, sibling(request, f"{base}.up.sql"), number, Style(), beside=[down])
