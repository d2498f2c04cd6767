"""Supabase's resume migrations: the next time stamp, if there is one before what follows."""

from __future__ import annotations

from partway.tools.place import file_name
from partway.tools.resuming import CannotResume, Request, Resumed
from partway.tools.resuming_file import by_hand, recorded, sibling, written
from partway.tools.resuming_place import next_number
from partway.tools.resuming_sql import Style, visible
from partway.tools.supabase.tool import NAME
from partway.tools.tracking import literal

__all__ = ["resume", "visible"]


def resume(request: Request) -> Resumed:
    """The file. Raises CannotResume."""
    name = file_name(request.file.path)
    match = NAME.fullmatch(name)
    if match is None:
        raise CannotResume(f"Supabase does not run {name}")
    number = next_number(match[1], [item.identity for item in request.following])
    if number is None:
        return by_hand(request, Style(), "Supabase")
    later = recorded(request, f"version > {literal(request.target, number)}")
    return written(request, sibling(request, f"{number}_finish_{match[2]}.sql"), number, Style(later=later))
