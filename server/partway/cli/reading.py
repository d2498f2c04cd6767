"""One file's findings as JSON, whatever happens while it is read: what processes hand over and the cache keeps."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps, loads
from typing import TYPE_CHECKING, NamedTuple

from partway.cli.file import File, NoMigration
from partway.cli.records import record

if TYPE_CHECKING:
    from partway.core.diagnostic import Diagnostic
    from partway.core.footprint import Footprint
    from partway.neighbours import Neighbours


#: What nearly all files of many a project come to.
NOTHING = b'{"findings":[],"relied":{}}'


class Under(NamedTuple):
    """What a file's findings are kept under, as the cache remembers it: the digest of what is known without a look at
    the project, the key, and what was looked at besides since the last file."""

    name: str
    key: str
    looked_at: dict[str, Footprint]


def result(
    file: File,
    neighbours: Neighbours,
    lint: Callable[[], list[Diagnostic] | None],
    under: Callable[[], Under | None],
) -> bytes:
    """A line that says what the file's findings are kept `under`, where that is not known yet, and these on a line of
    their own: `{"findings": [...], "relied": {...}}`, their paths empty, with what they rely on besides the file;
    `{"findings": null}` for what is no migration; `{"failure": "why"}` when Partway itself went wrong: one file must
    not keep the others from being read."""
    try:
        neighbours.begin()
        diagnostics = lint()
        found = None if diagnostics is None else [record(one, file.source, "") for one in diagnostics]
        relied = neighbours.relied
        quiet = relied == {} and found == []
        body = (
            NOTHING if quiet else dumps({"findings": found, "relied": relied}, separators=(",", ":")).encode()
        )
        return _head(under()) + b"\n" + body
    except Exception as error:  # noqa: BLE001 - a mistake in a reader or a rule
        return b"\n" + dumps({"failure": failure(error)}).encode()


def taken_apart(result: bytes) -> tuple[Under | None, bytes]:
    """What `result` has put together."""
    head, _, body = result.partition(b"\n")
    if not head:
        return None, body
    name, key, looked_at = head.decode().split(" ", 2)
    found = loads(looked_at) if looked_at else {}
    return Under(name, key, {path: one and (one[0], one[1], one[2]) for path, one in found.items()}), body


def _head(under: Under | None) -> bytes:
    """The first line of a result; empty where it says nothing."""
    if under is None:
        return b""
    return f"{under.name} {under.key} {dumps(under.looked_at) if under.looked_at else ''}".encode()


def failure(error: Exception) -> str:
    """Why a file could not be read; a mistake of Partway's with the place in its code for whoever mends it."""
    from traceback import extract_tb

    if isinstance(error, NoMigration):
        return str(error)

    frames = extract_tb(error.__traceback__)
    where = (
        f" at {frames[-1].filename.rpartition('partway')[2].lstrip('/')}:{frames[-1].lineno}"
        if frames
        else ""
    )
    return f"a mistake in Partway, please report it: {type(error).__name__}: {error}{where}"
