"""dbmate's resume migrations: the next number, if there is one before what follows, with dbmate's directives."""

from __future__ import annotations

import re

from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import in_turn, nothing_to_undo, opted_out, recorded, sibling, stem, written
from partway.tools.resuming_sql import Style, visible
from partway.tools.tracking import literal

__all__ = ["resume", "visible"]

_NAME = re.compile(r"(\d+)(.*)", re.DOTALL)


def resume(request: Request) -> Resumed:
    """The file. Raises CannotResume."""
    return in_turn(request, "dbmate", _NAME.fullmatch(stem(request.file.path)), _style, _file)


def _style(request: Request, number: str) -> Style:
    return Style(later=recorded(request, f"version > {literal(request.target, number)}"))


def _file(request: Request, match: re.Match[str], number: str, style: Style) -> Resumed:
    options = " transaction:false" if opted_out(request) else ""
    return written(
        request,
        sibling(request, f"{number}_finish{match[2]}.sql"),
        number,
        style,
        head=[f"-- migrate:up{options}"],
        foot=["", "-- migrate:down", nothing_to_undo(request)],
    )
