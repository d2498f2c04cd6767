"""Where a file's project begins, and the path that readers are shown: the same for the command line and the editor."""

from __future__ import annotations

import os

from partway.config import ROOT_MARKERS


class Roots:
    """The tops of projects by folder; every folder is looked at once."""

    def __init__(self) -> None:
        self._roots: dict[str, str] = {}

    def of(self, folder: str) -> str:
        """The top of the project that an absolute folder belongs to: the nearest repository upwards, else what the
        project's own files suggest."""
        root = self._roots.get(folder)
        if root is None:
            above = os.path.dirname(folder)
            if _is_marked(folder):
                root = folder
            elif above in self._roots:
                root = self._roots[above]
            else:
                root = _marked(above) or _guessed(folder)
            self._roots[folder] = root
        return root


def path_below(root: str, path: str) -> str:
    """The part of an absolute path that says something about the file: what lies above the project's top does not;
    some folders more do where nothing marks one, since a lone folder of migrations is known by the names around it."""
    if not _is_marked(root):
        for _ in range(3):
            root = os.path.dirname(root)
    return path[len(root) :].lstrip(os.sep)


def _is_marked(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, marker)) for marker in ROOT_MARKERS)


def _marked(folder: str) -> str | None:
    """The nearest folder upwards with a repository in it."""
    while not _is_marked(folder):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def _guessed(folder: str) -> str:
    from partway.project import find_root

    return find_root(folder)
