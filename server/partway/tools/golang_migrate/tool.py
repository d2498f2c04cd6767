"""How golang-migrate's files are recognised: by their names, which sqlx and a few others write as well."""

from __future__ import annotations

import re

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".up.sql", ".down.sql")
SESSION_RESTORES: frozenset[str] = frozenset()
NAME = re.compile(r"(\d+)_(.*)\.(up|down)\.sql", re.IGNORECASE)


def recognise(file: Candidate) -> Certainty:
    """The pattern is the one in golang-migrate's source/parse.go."""
    return Certainty.LIKELY if NAME.fullmatch(file.place.name) else Certainty.NO
