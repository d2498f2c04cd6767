"""How plain SQL files are recognised: they are what is left, but for names that say they are of another runner."""

from __future__ import annotations

import os
import re

from partway.tools.evidence import FOREIGN, WORDS
from partway.tools.place import Candidate, Certainty

SUFFIXES = (".sql",)
#: pop's files name a database between the description and the direction: `20200101_users.mysql.autocommit.up.sql`.
_POP = re.compile(r"(\d+)_[^.]+(?:\.([a-z0-9]+))?(\.autocommit)?\.(up|down)\.sql", re.IGNORECASE)


def recognise(file: Candidate) -> Certainty:
    """Anything that ends in .sql can be a plain file."""
    match = pop_name(file.place.name)
    if match is not None and (
        match[3]
        or (match[2] or "").lower() == "autocommit"
        or names_database(file.place.name)
        or "pop.folder" in file.hints.settings
    ):
        return Certainty.SURE
    return Certainty.POSSIBLE


def names_database(name: str) -> bool:
    """Whether a file's name says, as pop's do, which database the file is for."""
    match = pop_name(name)
    word = (match[2] or "").lower() if match is not None else ""
    return word in WORDS or word in FOREIGN


def pop_turn(path: str) -> tuple[str, str, str] | None:
    """What pop runs one file for, of all that it finds: a number and direction in a folder. Of those for the database
    it takes the one that names it, and one that names none only where there is no other."""
    folder, name = os.path.split(path)
    match = pop_name(name)
    return None if match is None else (folder, match[1], match[4].lower())


def pop_name(name: str) -> re.Match[str] | None:
    """A file's name as pop reads it: number, database, `.autocommit`, direction; None for a name that is not pop's."""
    # Asked for each name in a folder: most fall at the first look.
    return _POP.fullmatch(name) if name.lower().endswith((".up.sql", ".down.sql")) else None
