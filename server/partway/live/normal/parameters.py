"""The parameters of routines where one name has one routine, and what those return."""

from __future__ import annotations

import re

from partway.live.normal.found import Found, items
from partway.live.normal.types import normal_types

_MODE = re.compile(r"(inout|in|out)\s+", re.IGNORECASE)
_NAME = re.compile(r"(`(?:[^`]|``)*`|[\w$]+)\s+(.+)\Z", re.DOTALL)
#: Types of which every spelling is known; others may be those of a column, or of one engine's own.
_PLAIN = re.compile(
    r"((tiny|small|medium|big)?int|decimal|float|double|bit|(var)?(char|binary)|(tiny|medium|long)?(text|blob)|json"
    r"|date|time|datetime|timestamp|year|enum|set)(\(.*\))?( unsigned)?( zerofill)?",
    re.DOTALL,
)


def parameters(said: str, found: Found, dialect: str) -> bool | None:
    """The parameters by their names, in order, each with its type and what it is for. Where routines are told apart by
    these, they chose the one that was found."""
    value = found.get("parameters")
    if value is None:
        return True
    ours, theirs = ([one for one in items(text) if one] for text in (said, value))
    if len(ours) != len(theirs):
        return False
    verdicts = [_one(one, other, dialect) for one, other in zip(ours, theirs, strict=True)]
    return False if False in verdicts else None if None in verdicts else True


def _one(said: str, found: str, dialect: str) -> bool | None:
    ours, theirs = _parts(said), _parts(found)
    if ours is None or theirs is None:
        return None
    if ours[:2] != theirs[:2]:
        return False
    return plain_type(ours[2], theirs[2], dialect)


def _parts(text: str) -> tuple[str, str, str] | None:
    """What a parameter is for, its name and its type."""
    mode = _MODE.match(text)
    match = _NAME.match(text[mode.end() :] if mode is not None else text)
    if match is None or _MODE.match(match[2]):
        return None  # another order of words
    name = match[1].strip("`").replace("``", "`").lower()
    return (mode[1].lower() if mode is not None else "in", name, match[2])


def plain_type(said: str, found: str, dialect: str) -> bool | None:
    """Whether both are one type, where they are of those that are known."""
    types = normal_types(dialect)
    if types.same_type(said, found):
        return True
    plain = all(_PLAIN.fullmatch(types.normal_type(one)) for one in (said, found))
    return False if plain else None
