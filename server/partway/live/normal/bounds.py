"""Which rows go to a partition of PostgreSQL's, compared: `FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')`."""

from __future__ import annotations

import re

from partway.live.normal.found import Found

#: A value in quotes, or a bare word or number.
_WORD = re.compile(r"'((?:[^']|'')*)'|([\w.+-]+)|::")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]00:00(?::00)?)?")
#: A time of day, or a place in the world: the server's session decides how it is written.
_TIMED = re.compile(r"\d{4}-\d\d-\d\d.*\d")


def bounds(said: str, found: Found, _dialect: str) -> bool | None:
    """Whether a partition takes these rows; None where the server may have written a value in another way."""
    value = found.get("bounds")
    if value is None:
        return None
    ours, theirs = _words(said), _words(value)
    if ours == theirs:
        return True
    if ours[:3] != theirs[:3] and not _is_value(ours[2:3]) and not _is_value(theirs[2:3]):
        return False  # FROM, IN, WITH, or DEFAULT
    if len(ours) != len(theirs):
        return None
    verdicts = [_same(one, other) for one, other in zip(ours, theirs, strict=True)]
    if "in" in ours[:3] and sorted(ours) == sorted(theirs):
        return True
    return False if False in verdicts else None if None in verdicts else True


def _words(text: str) -> list[str]:
    """The words in lower case; a value in quotes with one before it, unless it is a number."""
    found = []
    for match in _WORD.finditer(text):
        value = match[1]
        if value is None:
            found.append(match[0].lower())
        else:
            found.append(value if _NUMBER.fullmatch(value) else f"'{value}")
    return found


def _is_value(words: list[str]) -> bool:
    return bool(words) and (words[0][:1] == "'" or _NUMBER.fullmatch(words[0]) is not None)


def _same(one: str, other: str) -> bool | None:
    if one == other:
        return True
    if not _is_value([one]) or not _is_value([other]):
        return False if {one, other} <= {"minvalue", "maxvalue"} else None
    moments = [_MOMENT.fullmatch(text[1:]) for text in (one, other)]
    if moments[0] and moments[1]:
        return moments[0][1] == moments[1][1]
    if any(_TIMED.match(text[1:]) for text in (one, other)):
        return None
    return False
