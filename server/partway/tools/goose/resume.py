"""goose's resume migrations: the next number, if there is one before what follows, with goose's annotations."""

from __future__ import annotations

import re

from partway.tools.resuming import Request, Resumed
from partway.tools.resuming_file import in_turn, nothing_to_undo, opted_out, recorded, sibling, stem, written
from partway.tools.resuming_sql import Style, visible

__all__ = ["resume", "visible"]

_NAME = re.compile(r"(\d+)_(.*)", re.DOTALL)
_BLOCK = ("-- +goose StatementBegin", "-- +goose StatementEnd")


def resume(request: Request) -> Resumed:
    """The file. Raises CannotResume."""
    return in_turn(request, "goose", _NAME.fullmatch(stem(request.file.path)), _style, _file)


def _style(request: Request, number: str) -> Style:
    return Style(_BLOCK, recorded(request, f"version_id > {int(number)} AND is_applied"))


def _file(request: Request, match: re.Match[str], number: str, style: Style) -> Resumed:
    head = ["-- +goose NO TRANSACTION"] if opted_out(request) else []
    return written(
        request,
        sibling(request, f"{number}_finish_{match[2]}.sql"),
        number,
        style,
        head=[*head, "-- +goose Up"],
        foot=["", "-- +goose Down", nothing_to_undo(request), "SELECT 1;"],
    )
