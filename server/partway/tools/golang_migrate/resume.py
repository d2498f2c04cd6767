"""golang-migrate's resume migrations: the next number, if there is one before what follows; both directions."""

from __future__ import annotations

import re

from partway.dialects.catalog import Block, catalog
from partway.tools.golang_migrate.cutting import uncut
from partway.tools.golang_migrate.tool import NAME
from partway.tools.place import file_name
from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import in_turn, sibling, way_down, way_up, written
from partway.tools.resuming_sql import Style, visible

__all__ = ["resume", "visible"]


def resume(request: Request) -> Resumed:
    """The file of the way up, and that of the way down beside it. Raises CannotResume."""
    match = NAME.fullmatch(file_name(request.file.path))
    return in_turn(request, "golang-migrate", match, _style, _files)


def _style(request: Request, number: str) -> Style:  # noqa: ARG001 # a version below the one reached is never run
    return Style()


def _files(request: Request, match: re.Match[str], number: str, style: Style) -> Resumed:
    base = f"{number}_finish_{match[2]}"
    down = way_down(request, f"{base}.down.sql")
    found = written(request, sibling(request, f"{base}.up.sql"), number, style, beside=[down])
    if not _is_cut(request):
        return found
    return found._replace(text=uncut(found.text, request.migration.dialect))


def _is_cut(request: Request) -> bool:
    """Whether statements are sent on their own where blocks need semicolons inside. Nothing else could have left a
    part of the file, so that its operations say so where the project's files do not."""
    section = way_up(request)
    if catalog(request.migration.dialect).block is not Block.DO or section is None:
        return False
    return not section.transaction.implicit or any(step.ran is True for step in request.steps)
