"""What the migrations beside a file are written in, where nothing else says which database a folder is for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable

from partway.tools.evidence import sign_in
from partway.tools.registry import agreement
from partway.tools.sql.tool import names_database

#: So many neighbours of a migration are asked for their dialect, and so much of each.
_SAMPLE = 8
_SAMPLE_BYTES = 8 * 1024
#: Few programs speak of a database at all.
_SAMPLE_OF_PROGRAMS = 32
#: So many folders, a migration's own among them, are asked for its neighbours.
_AROUND = 3
#: What stands for a dialect where migrations are written for more than one.
SEVERAL = "several"


class Votes:
    """Asks folders below a project's top, each once. `listing` gives a folder's names, each with whether it is a
    folder; `text` the beginning of a file, in so many bytes."""

    def __init__(
        self, root: str, listing: Callable[[str], dict[str, bool]], text: Callable[[str, int], str]
    ) -> None:
        self._root = root
        self._listing = listing
        self._text = text
        self._of_files: dict[str, str | None] = {}
        self._of_programs: dict[tuple[str, str], str | None] = {}
        self._names: dict[str, bool] = {}

    def names_several(self, folder: str) -> bool:
        """Whether files here say in their names which database they are for; one that does not is then for all."""
        if folder not in self._names:
            self._names[folder] = any(map(names_database, self._listing(folder)))
        return self._names[folder]

    def of_files(self, folder: str) -> str | None:
        """The dialect that this folder's SQL files agree on, or where each has a folder, those beside it; "foreign" for
        one that Partway does not know; None when they differ or say nothing."""
        if folder not in self._of_files:
            above = os.path.dirname(folder)
            files = self._sql_in(folder)
            if (
                len(files) <= 2
                and re.match(r"v?\d", os.path.basename(folder))
                and above.startswith(self._root)
            ):
                if above not in self._of_files:
                    beside = [name for name, is_folder in self._listing(above).items() if is_folder]
                    chosen = _spread([name for name in beside if name[:1].isdigit()])
                    self._of_files[above] = _agreed(
                        self._text(file, _SAMPLE_BYTES)
                        for name in chosen
                        for file in self._sql_in(os.path.join(above, name))
                    )
                self._of_files[folder] = self._of_files[above]
            else:
                self._of_files[folder] = _agreed(self._text(file, _SAMPLE_BYTES) for file in _spread(files))
        return self._of_files[folder]

    def of_programs(self, folder: str, tool: str) -> str | None:
        """The dialect that the tool's migrations in this folder, and in the folders around it where these are few, are
        written for; "several" where they are for more than one; None where they say nothing, or the tool has settings
        that say it."""
        agreed = agreement(tool)
        if agreed is None:
            return None
        key = folder, tool
        if key not in self._of_programs:
            files: list[str] = []
            here = folder
            for _ in range(_AROUND):
                beside = [os.path.join(here, name) for name in self._listing(here) if name.endswith(".py")]
                files += _spread(beside, _SAMPLE_OF_PROGRAMS)
                above = os.path.dirname(here)
                if len(files) >= _SAMPLE or not above.startswith(self._root):
                    break
                here = above
            self._of_programs[key] = agreed(self._text(file, _SAMPLE_BYTES) for file in files)
        return self._of_programs[key]

    def _sql_in(self, folder: str) -> list[str]:
        return [os.path.join(folder, name) for name in self._listing(folder) if name.lower().endswith(".sql")]


def _agreed(texts: Iterable[str]) -> str | None:
    """The one dialect that these texts are written in. MySQL's words are MariaDB's as well."""
    signs = {sign_in(text) for text in texts} - {None}
    if signs == {"mysql", "mariadb"}:
        return "mariadb"
    return signs.pop() if len(signs) == 1 else None


def _spread(files: list[str], most: int = _SAMPLE) -> list[str]:
    """Some of these, evenly over their order."""
    files = sorted(files)
    step = max(1, len(files) // most)
    return files[::step][:most]
