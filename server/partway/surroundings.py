"""What the other migrations beside a file say that its own findings follow from."""

from __future__ import annotations

import os
import re

_VALIDATE = re.compile(
    rb"\bvalidate\s+constraint\s+(?:\"((?:[^\"]|\"\")+)\"|([\w$\x80-\xff]+))", re.IGNORECASE
)
#: Of each file so many bytes are looked at: what is larger holds data.
_LIMIT = 256 * 1024


class Surroundings:
    """The migrations in the same folder, and where each has a folder of its own, those in the folders beside it.

    Each folder is read once, when first asked for; an editor makes a new one when files have changed.
    """

    def __init__(self) -> None:
        self._validated: dict[str, frozenset[str]] = {}
        #: Files, by their absolute paths, whose bytes are in hand.
        self.given: dict[str, bytes] = {}

    def concern(self, data: bytes) -> bool:
        """Whether the findings of a file with these bytes can follow from other files at all."""
        return b"NOT VALID" in data or b"not valid" in data.lower()

    def validated(self, path: str) -> frozenset[str]:
        """The names, in lower case, of the constraints that a migration beside this absolute path validates."""
        folder = _folder(path)
        if folder not in self._validated:
            found: set[str] = set()
            for file in _migrations(folder):
                for match in _VALIDATE.finditer(self.given.get(file) or _read(file)):
                    name = (match[1] or match[2]).decode("utf-8", "replace")
                    found.add(name.replace('""', '"').lower())
            self._validated[folder] = frozenset(found)
        return self._validated[folder]

    def changed(self, path: str) -> bool:
        """Whether what was said of the migrations beside this absolute path no longer holds."""
        said = self._validated.get(_folder(path))
        return said is not None and Surroundings().validated(path) != said


def _folder(path: str) -> str:
    """The folder whose migrations belong with this one."""
    folder = os.path.dirname(path)
    # `20240131_name/migration.sql`: each migration has a folder.
    return os.path.dirname(folder) if os.path.basename(folder)[:1].isdigit() else folder


def _migrations(folder: str) -> list[str]:
    """The SQL files in a folder and in the numbered folders in it."""
    found: list[str] = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return found
    for entry in entries:
        if entry.name.lower().endswith(".sql"):
            found.append(entry.path)
        elif entry.name[:1].isdigit() and entry.is_dir():
            try:
                found += [one.path for one in os.scandir(entry.path) if one.name.lower().endswith(".sql")]
            except OSError:
                continue
    return found


def _read(path: str) -> bytes:
    """The beginning of a file; empty when it cannot be read."""
    try:
        if not os.path.isfile(path):  # a pipe would wait for ever
            return b""
        with open(path, "rb") as file:
            return file.read(_LIMIT)
    except OSError:
        return b""
