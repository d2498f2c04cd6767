"""Prisma's resume migrations: a folder of their own between the failed migration's and the next."""

from __future__ import annotations

import os
import re

from partway.tools.prisma.history import folder_name
from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import HERE_ALONE, by_hand, no_number, recorded, written
from partway.tools.resuming_place import next_number
from partway.tools.resuming_sql import Style, is_general, visible
from partway.tools.tracking import literal

__all__ = ["resume", "visible"]

_NAME = re.compile(r"(\d+)(.*)", re.DOTALL)


def resume(request: Request) -> Resumed:
    """The migration.sql in its folder. Raises CannotResume."""
    match = _NAME.fullmatch(folder_name(request.file.path))
    following = [found[1] for item in request.following if (found := _NAME.match(item.identity))]
    number = next_number(match[1], following) if match is not None else None
    above, own = os.path.dirname(os.path.dirname(request.file.path)), folder_name(request.file.path)
    if match is None or number is None:
        why = no_number(request, "Prisma")
        return by_hand(request, _style(request, own), why, own, os.path.dirname(above))
    name = f"{number}_finish{match[2]}"
    style = _style(request, name)
    if not is_general(request, style):
        return by_hand(request, _style(request, own), HERE_ALONE, own, os.path.dirname(above))
    return written(request, os.path.join(above, name, "migration.sql"), name, style)


def _style(request: Request, name: str) -> Style:
    # Names are compared byte by byte, as Prisma sorts them.
    after = f"migration_name > {literal(request.target, name)}"
    return Style(later=recorded(request, f"{after} AND finished_at IS NOT NULL"))
