"""Where a file is, taken apart once for all tools, and how surely a tool calls it its own."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple


class Certainty(IntEnum):
    """How surely a file belongs to a tool. `possible`: by a name that others use as well; `likely`: by a name or folder
    that is mostly this tool's; `sure`: by a directive, or a name that is this tool's alone."""

    NO = 0
    POSSIBLE = 1
    LIKELY = 2
    SURE = 3


class Hints(NamedTuple):
    """What the project's own files say about tools: the names they speak of, and the settings they give."""

    tools: frozenset[str] = frozenset()
    settings: Mapping[str, str] = {}


class Place(NamedTuple):
    """A file's folders in lower case, outermost first, and its name as written."""

    folders: tuple[str, ...]
    name: str

    @property
    def folder(self) -> str:
        """The name of the folder it lies in, in lower case; empty for none."""
        return self.folders[-1] if self.folders else ""

    @property
    def above(self) -> str:
        """The name of the folder around that one, in lower case; empty for none."""
        return self.folders[-2] if len(self.folders) > 1 else ""


class Candidate(NamedTuple):
    """A file that a tool is asked about: its place, how its text begins, and what the project says."""

    place: Place
    head: str = ""
    hints: Hints = Hints()


@lru_cache(maxsize=1024)
def place(path: str) -> Place:
    """The place a path names; both kinds of slash count."""
    folder, _, name = path.replace("\\", "/").rpartition("/")
    return Place(_folders(folder), name)


@lru_cache(maxsize=256)
def _folders(path: str) -> tuple[str, ...]:
    """A folder's path taken apart, once for all its files."""
    return tuple(folder.lower() for folder in path.split("/") if folder not in ("", "."))


def file_name(path: str) -> str:
    """The last part of a path."""
    return path.replace("\\", "/").rpartition("/")[2]
