"""A project's other files, given as texts: what a reader of one of them can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Files:
    """Texts by path from the project's top. `relied` are the paths that a reader said it follows."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.memory: dict[Any, Any] = {}
        self.relied: set[str] = set()
        self._texts = dict(texts)

    def names(self, folder: str) -> Mapping[str, bool]:
        """The names in a folder, each with whether it is a folder itself."""
        start = f"{folder}/" if folder else ""
        below = [path[len(start) :] for path in self._texts if path.startswith(start)]
        return {path.partition("/")[0]: "/" in path for path in below}

    def text(self, path: str) -> str:
        """A file's text; empty where there is none."""
        return self._texts.get(path, "")

    def rely(self, path: str) -> None:
        """Note what a finding follows from."""
        self.relied.add(path)
