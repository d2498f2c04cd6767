"""The migrations below a folder, each as a walk of `partway lint` would take it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from partway.core.decode import Undecodable, decode
from partway.core.source import SourceFile
from partway.neighbours import Neighbours
from partway.project import Project, find_root
from partway.tools.choice import Choice
from partway.tools.reading import is_migration
from partway.tools.suffixes import PROGRAMS, may_hold


class Found(NamedTuple):
    """A migration's text, and what its project says of how it is run. `beside` are the project's files, below whose
    folder the source's path is."""

    source: SourceFile
    choice: Choice
    beside: Neighbours


def migrations(folder: str, suffixes: tuple[str, ...] = (".sql",)) -> Iterator[Found]:
    """Every migration below a folder, or the one file it is, in the order of their paths. Those that are programs are
    shown by their paths from the top of their project."""
    projects: dict[str, tuple[Project, Neighbours]] = {}
    for path in _files(folder, suffixes):
        with open(path, "rb") as file:
            data = file.read()
        try:
            source = decode(data, path)
        except Undecodable:
            continue
        if not is_migration(path, source.text[:4096]):
            continue
        root = find_root(path)
        if root not in projects:
            projects[root] = Project(root), Neighbours(root + os.sep)
        project, beside = projects[root]
        choice = project.choice(path, source.text)
        if path.endswith(PROGRAMS):
            source = SourceFile(os.path.relpath(path, root), source.text, source.encoding)
        if not choice.foreign:
            yield Found(source, choice, beside)


def _files(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    if os.path.isfile(folder):
        yield folder
    for directory, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(names):
            path = os.path.join(directory, name)
            if name.endswith(suffixes) and may_hold(os.path.abspath(path), name):
                yield path
