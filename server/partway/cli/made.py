"""Files that a command makes, and others that change with them: all of them or, where one cannot be made, none."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import NamedTuple

from partway.cli.main import Wrong
from partway.cli.writing import Changed, replace
from partway.core.decode import Undecodable, decode, encode
from partway.core.edit import apply_edits
from partway.inputs import reason
from partway.tools.resuming import Change


class Made(NamedTuple):
    """New files, by path and text, and the changes to files that are there."""

    files: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...] = ()


def make(made: Made) -> None:
    """Write them. Raises Wrong, with everything as it was."""
    for path, _ in made.files:
        if os.path.lexists(path):
            raise Wrong(f"{shown(path)} is there already: remove it, or name another place with -o")
    changed = [_changed(change) for change in made.changes]
    done: list[str] = []
    undone: list[tuple[str, bytes, bytes]] = []
    try:
        for path, text in made.files:
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            with open(path, "x", encoding="utf-8", newline="") as file:
                done.append(path)
                file.write(text)
        for path, before, after in changed:
            replace(path, before, after)
            undone.append((path, after, before))
    except (OSError, Changed) as error:
        for path in done:
            with suppress(OSError):
                os.unlink(path)
        for each in undone:
            with suppress(OSError, Changed):
                replace(*each)
        why = reason(error) if isinstance(error, OSError) else f"{error} was changed meanwhile"
        raise Wrong(f"nothing was written: {why}") from None


def _changed(change: Change) -> tuple[str, bytes, bytes]:
    try:
        with open(change.path, "rb") as file:
            before = file.read()
        source = decode(before, change.path)
    except (OSError, Undecodable) as error:
        why = reason(error) if isinstance(error, OSError) else str(error)
        raise Wrong(f"{shown(change.path)}, which has to change with it, cannot be read: {why}") from None
    return change.path, before, encode(apply_edits(source.text, change.edits), source.encoding)


def shown(path: str) -> str:
    """A path as people see it from where they are."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative
