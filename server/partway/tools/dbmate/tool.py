"""How dbmate's files are recognised: by the directive that it demands before any SQL."""

from __future__ import annotations

import re

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".sql",)
SESSION_RESTORES: frozenset[str] = frozenset()
_DIRECTIVE = re.compile(r"^--\s*migrate:(?:up|down)\b", re.MULTILINE)


def recognise(file: Candidate) -> Certainty:
    """A file without a directive is refused: dbmate demands `-- migrate:up`."""
    return Certainty.SURE if "migrate:" in file.head and _DIRECTIVE.search(file.head) else Certainty.NO
