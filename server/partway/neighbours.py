"""The project's other files, read for a migration that cannot be understood without them, and what findings rely on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from partway.core.digests import blake2b
from partway.core.footprint import footprint

#: Of each file so many bytes are read: what is larger is no program.
_LIMIT = 1024 * 1024


class Neighbours:
    """The files of one project by their paths below `base`, a folder with its separator. Each is read once, when first
    asked for; an editor makes a new one when files have changed.

    `memory` is for what readers work out. `relied` are the signatures of what the file in hand relies on, by path; see
    `signature`. As long as they are the same, so is what was found.
    """

    def __init__(self, base: str) -> None:
        self.base = base
        self.memory: dict[Any, Any] = {}
        self.relied: dict[str, str] = {}
        self._names: dict[str, Mapping[str, bool]] = {}
        self._signatures: dict[str, str] = {}

    def begin(self) -> None:
        """Begin with another file, which relies on nothing yet."""
        self.relied = {}

    def rely(self, path: str) -> None:
        """Note that what is found in the file in hand follows from this file, or from the files in this folder."""
        if path not in self.relied:
            self.relied[path] = self.signature(path)

    def names(self, folder: str) -> Mapping[str, bool]:
        """The names in a folder, each with whether it is a folder itself; none where it cannot be read."""
        found = self._names.get(folder)
        if found is None:
            try:
                with os.scandir(os.path.join(self.base, folder)) as entries:
                    found = {entry.name: _is_folder(entry) for entry in entries}
            except (OSError, ValueError):
                found = {}
            self._names[folder] = found
        return found

    def text(self, path: str) -> str:
        """A file's text, its beginning where it is huge; empty where it cannot be read."""
        whole = os.path.join(self.base, path)
        try:
            if not os.path.isfile(whole):  # a pipe would wait for ever
                return ""
            with open(whole, "rb") as file:
                return file.read(_LIMIT).decode("utf-8", "replace")
        except (OSError, ValueError):
            return ""

    def signature(self, path: str) -> str:
        """What a file, or the programs in a folder, look like from outside: another one when any of them changes."""
        found = self._signatures.get(path)
        if found is None:
            found = self._signatures[path] = self._signature(path)
        return found

    def _signature(self, path: str) -> str:
        whole = os.path.join(self.base, path)
        if not os.path.isdir(whole):
            return str(footprint(whole))
        names = sorted(name for name in self.names(path) if name.endswith((".py", ".rb")))
        said = repr([(name, footprint(os.path.join(whole, name))) for name in names])
        return blake2b(said.encode(errors="surrogateescape"), digest_size=12).hexdigest()

    def changed(self, path: str) -> bool:
        """Whether a file at this absolute path, or its folder, has been relied on and looks otherwise now."""
        if not path.startswith(self.base):
            return False
        below = path[len(self.base) :]
        return any(
            known in self._signatures and Neighbours(self.base).signature(known) != self._signatures[known]
            for known in (below, os.path.dirname(below))
        )

    def holds(self, relied: Mapping[str, str]) -> bool:
        """Whether all of this looks as it did."""
        return all(self.signature(path) == was for path, was in relied.items())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
