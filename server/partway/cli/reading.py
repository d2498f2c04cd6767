"""One file's findings as JSON, whatever happens while it is read: what processes hand over and the cache keeps."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from typing import TYPE_CHECKING

from partway.cli.file import File, NoMigration
from partway.cli.records import record

if TYPE_CHECKING:
    from partway.core.diagnostic import Diagnostic
    from partway.neighbours import Neighbours


def result(file: File, neighbours: Neighbours, lint: Callable[[], list[Diagnostic] | None]) -> bytes:
    """`{"findings": [...], "relied": {...}}`, their paths empty, with what they rely on besides the file;
    `{"findings": null}` for what is no migration; `{"failure": "why"}` when Partway itself went wrong: one file must
    not keep the others from being read."""
    try:
        neighbours.begin()
        diagnostics = lint()
        found = None if diagnostics is None else [record(one, file.source, "") for one in diagnostics]
        return dumps({"findings": found, "relied": neighbours.relied}, separators=(",", ":")).encode()
    except Exception as error:  # noqa: BLE001 - a mistake in a reader or a rule
        return dumps({"failure": failure(error)}).encode()


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
