"""The migrations below a folder, each as a walk of `partway lint` would take it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from partway.core.decode import Undecodable, decode
from partway.core.source import SourceFile
from partway.project import Project, find_root
from partway.tools.choice import Choice
from partway.tools.reading import is_migration


class Found(NamedTuple):
    """A migration's text, and what its project says of how it is run."""

    source: SourceFile
    choice: Choice


def migrations(folder: str, suffix: str = ".sql") -> Iterator[Found]:
    """Every migration below a folder, or the one file it is, in the order of their paths."""
    projects: dict[str, Project] = {}
    for path in _files(folder, suffix):
        with open(path, "rb") as file:
            data = file.read()
        try:
            source = decode(data, path)
        except Undecodable:
            continue
        if not is_migration(path, source.text[:4096]):
            continue
        root = find_root(path)
        choice = projects.setdefault(root, Project(root)).choice(path, source.text)
        if not choice.foreign:
            yield Found(source, choice)


def _files(folder: str, suffix: str) -> Iterator[str]:
    if os.path.isfile(folder):
        yield folder
    for directory, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(names):
            if name.endswith(suffix):
                yield os.path.join(directory, name)
