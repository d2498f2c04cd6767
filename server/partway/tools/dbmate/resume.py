"""dbmate's resume migrations: the next number, if there is one before what follows, with dbmate's directives."""

from __future__ import annotations

import re

from partway.tools.place import file_name
from partway.tools.resuming import CannotResume, Request, Resumed
from partway.tools.resuming_file import NOTHING_TO_UNDO, by_hand, opted_out, recorded, sibling, stem, written
from partway.tools.resuming_place import next_number
from partway.tools.resuming_sql import Style, visible
from partway.tools.tracking import literal

__all__ = ["resume", "visible"]

_NAME = re.compile(r"(\d+)(.*)", re.DOTALL)


def resume(request: Request) -> Resumed:
    """The file. Raises CannotResume."""
    match = _NAME.fullmatch(stem(request.file.path))
    if match is None:
        raise CannotResume(f"dbmate does not run {file_name(request.file.path)}")
    number = next_number(match[1], [item.identity for item in request.following])
    if number is None:
        return by_hand(request, Style(), "dbmate")
    later = recorded(request, f"version > {literal(request.target, number)}")
    options = " transaction:false" if opted_out(request) else ""
    down = f"-- {NOTHING_TO_UNDO.format(file_name(request.file.path))}"
    return written(
        request,
        sibling(request, f"{number}_finish{match[2]}.sql"),
        number,
        Style(later=later),
        head=[f"-- migrate:up{options}"],
        foot=["", "-- migrate:down", down],
    )
