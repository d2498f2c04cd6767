"""What the other migrations beside a file say that its own findings follow from."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from partway.core.migration import Migration
from partway.tools.suffixes import PROGRAMS

_VALIDATE = re.compile(
    rb"\bvalidate\s+constraint\s+(?:\"((?:[^\"]|\"\")+)\"|([\w$\x80-\xff]+))", re.IGNORECASE
)
#: What leaves a constraint to be validated, in SQL, Rails, Django, Alembic.
_UNCHECKED = re.compile(rb"not\s+valid|validate\W+false|NotValid|not_valid", re.IGNORECASE)
#: Reads the migration at an absolute path that has this text.
Read = Callable[[str, str], Migration]
#: Of each file so many bytes are looked at: what is larger holds data.
_LIMIT = 256 * 1024


class Surroundings:
    """The migrations in the same folder, and where each has a folder of its own, those in the folders beside it.

    Each folder is read once, when first asked for; an editor makes a new one when files have changed.
    """

    def __init__(self) -> None:
        self._validated: dict[tuple[str, str], frozenset[str]] = {}
        #: Files, by their absolute paths, whose bytes are in hand.
        self.given: dict[str, bytes] = {}

    def concern(self, data: bytes) -> bool:
        """Whether the findings of a file with these bytes can follow from other files at all."""
        # The pattern takes ten times as long as a look for what it always holds.
        return b"valid" in data.lower() and _UNCHECKED.search(data) is not None

    def validated(self, path: str, read: Read) -> frozenset[str]:
        """The names, in lower case, of the constraints that a migration beside this absolute path validates, or their
        `reference` where it names none. `read` is asked where migrations are programs."""
        key = _key(path)
        if key not in self._validated:
            files = _migrations(*key)
            texts = ((file, self.given.get(file) or _read(file)) for file in files)
            names = (name for file, data in texts for name in _validated_in(file, data, read))
            self._validated[key] = frozenset(names)
        return self._validated[key]

    def changed(self, path: str, read: Read) -> bool:
        """Whether what was said of the migrations beside this absolute path no longer holds."""
        said = self._validated.get(_key(path))
        return said is not None and Surroundings().validated(path, read) != said


def _key(path: str) -> tuple[str, str]:
    """The folder whose migrations belong with this one, and how their names end."""
    return _folder(path), os.path.splitext(path)[1].lower()


def _validated_in(path: str, data: bytes, read: Read) -> set[str]:
    if not path.lower().endswith(PROGRAMS):
        names = ((match[1] or match[2]).decode("utf-8", "replace") for match in _VALIDATE.finditer(data))
        return {name.replace('""', '"').lower() for name in names}
    # SQL in a program may be in capitals, and Django's operation has a capital too.
    if b"validate" not in data.lower():
        return set()
    sections = read(path, data.decode("utf-8", "replace")).sections
    operations = (one for section in sections if section.name == "up" for one in section.operations)
    actions = (action for operation in operations for action in operation.actions)
    facts = (fact for one in actions if one.kind == "validate-constraint" for fact in one.postconditions)
    return {(fact.name.name or fact.reference).lower() for fact in facts}


def _folder(path: str) -> str:
    """The folder whose migrations belong with this one."""
    folder = os.path.dirname(path)
    # `20240131_name/migration.sql`: each migration has a folder.
    return os.path.dirname(folder) if os.path.basename(folder)[:1].isdigit() else folder


def _migrations(folder: str, suffix: str) -> list[str]:
    """The files with this ending in a folder and in the numbered folders in it."""
    found: list[str] = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return found
    for entry in entries:
        if entry.name.lower().endswith(suffix):
            found.append(entry.path)
        elif entry.name[:1].isdigit() and entry.is_dir():
            try:
                found += [one.path for one in os.scandir(entry.path) if one.name.lower().endswith(suffix)]
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
