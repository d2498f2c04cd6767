"""Supabase's resume migrations: the next time stamp, if there is one before what follows."""

from __future__ import annotations

import re

from partway.tools.place import file_name
from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import in_turn, recorded, sibling, written
from partway.tools.resuming_sql import Style, visible
from partway.tools.supabase.tool import NAME
from partway.tools.tracking import literal

__all__ = ["resume", "visible"]


def resume(request: Request) -> Resumed:
    """The file. Raises CannotResume."""
    return in_turn(request, "Supabase", NAME.fullmatch(file_name(request.file.path)), _style, _file)


def _style(request: Request, number: str) -> Style:
    return Style(later=recorded(request, f"version > {literal(request.target, number)}"))


def _file(request: Request, match: re.Match[str], number: str, style: Style) -> Resumed:
    return written(request, sibling(request, f"{number}_finish_{match[2]}.sql"), number, style)
