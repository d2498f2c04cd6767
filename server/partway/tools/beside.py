"""The project's other files, for readers whose migration cannot be understood without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Beside(Protocol):
    """Gives names and texts of files by their paths from the project's top, as a source's own path is. What cannot be
    read counts as empty. `memory` is for what a reader works out from other files: it is thrown away when files
    change."""

    memory: dict[Any, Any]

    def names(self, folder: str) -> Mapping[str, bool]:
        """The names in a folder, each with whether it is a folder itself."""
        ...

    def text(self, path: str) -> str:
        """A file's text."""
        ...

    def rely(self, path: str) -> None:
        """Note that what is found in the migration follows from this file, or from the files in this folder. It has to
        be said for each migration anew, also where `memory` holds the answer."""
        ...
