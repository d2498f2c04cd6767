"""What `partway status` shows people: one sentence, then each operation with what is true of it and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from partway.cli.formats.text import printable
from partway.cli.terminal import BOLD, DIM, OFF

_COLOURS = {
    "applied": "\x1b[32m",
    "pending": "\x1b[33m",
    "different": "\x1b[1;31m",
    "invalid": "\x1b[1;31m",
    "unknown": "\x1b[36m",
}
_WIDEST = 52  # of an operation in the table, in characters


def write(documents: list[dict[str, Any]], *, colour: bool) -> str:
    """Every file, a blank line between two."""
    return "\n".join("\n".join(_file(one, colour=colour)) + "\n" for one in documents)


def _file(one: dict[str, Any], *, colour: bool) -> Iterator[str]:
    bold, dim, off = (BOLD, DIM, OFF) if colour else ("", "", "")
    yield f"{bold}{printable(one['sentence'])}{off}"
    yield f"{dim}{printable(one['path'])} on {printable(one['database'])}{off}"
    operations = [operation for operation in one["operations"] if operation["state"] is not None]
    if operations:
        yield ""
    named = [_cut(f"{operation['kind']} {operation['target']}") for operation in operations]
    wide = max(map(len, named), default=0)
    point = one["failure_point"]
    for operation, name in zip(operations, named, strict=True):
        state = operation["state"]
        tint = _COLOURS[state] if colour else ""
        shown = f"{operation['index']:>3}  {tint}{state:<9}{off}  {printable(name):<{wide}}"
        yield f"{shown}  {dim}{printable(operation['reason'])}{off}"
        if operation["shapes"] and operation["shapes"]["wanted"]:
            yield f"                wanted: {printable(operation['shapes']['wanted'])}"
            yield f"                found:  {printable(operation['shapes']['found'])}"
        if state in ("different", "invalid", "unknown") and operation["query"]:
            yield f"                {dim}{printable(operation['query'])}{off}"
        last = operation["index"] == len(operations) - 1
        if point is not None and point["after"] == operation["index"] and not last:
            yield f"     {dim}---- stopped here{' or later' if point['before'] > point['after'] + 1 else ''}{off}"
    for name in one["locked"]:
        yield f"{printable(name)} is locked by another session: what it has not committed shows nowhere"
    if one["hidden"]:
        yield printable(one["hidden"])
    for kind, why in one["not_read"].items():
        yield f"no {kind} could be read: {printable(why)}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
