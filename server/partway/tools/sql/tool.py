"""How plain SQL files are recognised: they are what is left, but for names that say they are of another runner."""

from __future__ import annotations

import re

from partway.tools.evidence import FOREIGN, WORDS
from partway.tools.place import Candidate, Certainty

SUFFIXES = (".sql",)
#: pop's files name a database between the description and the direction: `20200101_users.mysql.autocommit.up.sql`.
POP = re.compile(r"(\d+)_[^.]+(?:\.([a-z0-9]+))?(\.autocommit)?\.(up|down)\.sql", re.IGNORECASE)


def recognise(file: Candidate) -> Certainty:
    """Anything that ends in .sql can be a plain file."""
    match = POP.fullmatch(file.place.name)
    if match is not None:
        word = (match[2] or "").lower()
        if match[3] or word == "autocommit" or word in WORDS or word in FOREIGN:
            return Certainty.SURE
    return Certainty.POSSIBLE
