"""Prisma's resume migrations: a folder of their own between the failed migration's and the next."""

from __future__ import annotations

import os
import re

from partway.tools.prisma.history import folder_name
from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import by_hand, recorded, written
from partway.tools.resuming_place import next_number
from partway.tools.resuming_sql import Style, visible
from partway.tools.tracking import literal

__all__ = ["resume", "visible"]

_NAME = re.compile(r"(\d+)(.*)", re.DOTALL)


def resume(request: Request) -> Resumed:
    """The migration.sql in its folder. Raises CannotResume."""
    match = _NAME.fullmatch(folder_name(request.file.path))
    following = [found[1] for item in request.following if (found := _NAME.match(item.identity))]
    number = next_number(match[1], following) if match is not None else None
    if match is None or number is None:
        return by_hand(request, Style(), "Prisma")
    name = f"{number}_finish{match[2]}"
    own = literal(request.target, name)
    # Names are compared byte by byte, as Prisma sorts them.
    later = recorded(request, f"migration_name > {own} AND finished_at IS NOT NULL")
    above = os.path.dirname(os.path.dirname(request.file.path))
    return written(request, os.path.join(above, name, "migration.sql"), name, Style(later=later))
