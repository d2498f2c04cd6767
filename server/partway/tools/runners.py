"""Programs of a project's own that run its SQL files: found by their source, which is scanned and never executed.

What such a program does with a file cannot be told for sure. But one that speaks of migrations and opens transactions
most likely opens one around each, so that what is kept without a transaction is then not worth an alarm. The same holds
for SQL beside the migrations of a tool that writes them in Python or Ruby: these read the file and send it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping

_SUFFIXES = (
    ".go",
    ".rs",
    ".py",
    ".rb",
    ".ts",
    ".js",
    ".mjs",
    ".java",
    ".kt",
    ".scala",
    ".cs",
    ".php",
    ".ex",
    ".swift",
)
# The likeliest names first.
_NAMES = (re.compile("migrat", re.IGNORECASE), re.compile("schema|sql|database|db|stor", re.IGNORECASE))
_TESTS = re.compile(r"(?:^|[._-])(?:tests?|spec|mock)\b|_test\.|\.d\.ts$", re.IGNORECASE)
#: A migration of Django, Alembic or Rails: SQL in its folder, or in one inside it, is sent by it and its like.
_PROGRAM = re.compile(
    r"^class Migration\b|^from alembic import\b.*\bop\b|^class \w+\s*<\s*(?:::)?ActiveRecord::Migration\b",
    re.MULTILINE,
)
_PROGRAM_NAME = re.compile(r"[0-9a-f]+_\w+\.(?:py|rb)$")
#: So many folders, from a migration's own upwards, are searched.
_BESIDE = 4
#: So many files of a folder are read.
_MOST = 12
_OPENS = re.compile(
    r"\.\s*begin\w*\s*\(|\btransaction\w*\s*\(|\b(?:with|in|run|execute)_?transaction\b|\batomic\s*\(|[\"'`]\s*BEGIN\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile("migrat", re.IGNORECASE)


def source_files(names: Iterable[str]) -> list[str]:
    """Of these file names those of sources that may run migrations, the likeliest first, tests left out."""
    sources = sorted(name for name in names if name.endswith(_SUFFIXES) and not _TESTS.search(name))
    ranked = [name for pattern in _NAMES for name in sources if pattern.search(name)]
    return list(dict.fromkeys(ranked))[:_MOST]


def opens_transactions(text: str) -> bool:
    """Whether a source speaks of migrations and opens transactions."""
    return bool(_SPEAKS.search(text)) and bool(_OPENS.search(text))


class Runners:
    """The programs of the project with this top. `listing` gives the names in a folder, each with whether it is a
    folder; `text` gives the beginning of a file."""

    def __init__(
        self, root: str, listing: Callable[[str], Mapping[str, bool]], text: Callable[[str], str]
    ) -> None:
        self.root = root.rstrip(os.sep) + os.sep
        self._listing = listing
        self._text = text
        self._found: dict[str, str] = {}
        self._beside: dict[str, str] = {}

    def beside(self, folder: str) -> str:
        """The program beside a folder of plain files, or beside one of the folders around it, that speaks of migrations
        and opens transactions; its path as seen from the top, empty where there is none."""
        known = self._beside.get(folder)
        if known is None:
            known = self._beside[folder] = self._around(folder)
        return known

    def _around(self, folder: str) -> str:
        for _ in range(_BESIDE):
            if not f"{folder}{os.sep}".startswith(self.root):
                break
            if folder not in self._found:
                self._found[folder] = self._inside(folder)
            if self._found[folder]:
                return self._found[folder]
            folder = os.path.dirname(folder)
        return ""

    def _inside(self, folder: str) -> str:
        files = [name for name, is_folder in self._listing(folder).items() if not is_folder]
        program = next((name for name in sorted(files) if _PROGRAM_NAME.match(name)), None)
        if program is not None and _PROGRAM.search(self._text(os.path.join(folder, program))):
            return os.path.join(folder, program).removeprefix(self.root)
        names = source_files(files)
        paths = (os.path.join(folder, name) for name in names)
        return next((path for path in paths if opens_transactions(self._text(path))), "").removeprefix(
            self.root
        )
