"""Columns of indexes and constraints, and what foreign keys refer to, compared."""

from __future__ import annotations

import re

from partway.dialects import dialect_named
from partway.live.normal.expression import same_expression
from partway.live.normal.found import Compare, Found, items, names


def columns(said: str, found: Found, dialect: str) -> bool | None:
    """The columns of an index or constraint in order; expressions among them are compared as such."""
    value = found.get("columns")
    if value is None:
        return None
    if "(" not in said + value and " " not in said.replace(", ", ",") + value.replace(", ", ","):
        return names(said) == names(value)
    return keys(said, found, dialect)


def leading(said: str, found: Found, _dialect: str) -> bool | None:
    """Whether an index begins with these columns."""
    value = found.get("columns")
    return None if value is None else names(value)[: len(names(said))] == names(said)


def keys(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("keys") or found.get("columns")
    if value is None:
        return None
    ours, theirs = items(said), items(value)
    if len(ours) != len(theirs):
        return False
    verdicts = [_key(one, other, dialect) for one, other in zip(ours, theirs, strict=True)]
    return False if False in verdicts else None if None in verdicts else True


_ORDER = re.compile(
    r"\s+(asc|desc)\b|\s+nulls\s+(first|last)\b|\s+(?:collate\s+)?(\"?\w+\"?\.)?\"?\w+_(?:ops|pattern_ops)\b",
    re.IGNORECASE,
)


def _key(said: str, found: str, dialect: str) -> bool | None:
    ours, theirs = _ordering(said), _ordering(found)
    if ours != theirs:
        return False
    one, other = (re.sub(r"\s+", " ", _ORDER.sub("", text)).strip() for text in (said, found))
    if one.strip('"`').lower() == other.strip('"`').lower():
        return True
    if dialect_named(dialect).indexes_in_table:  # a prefix's length is part of the key
        prefix = [re.fullmatch(r"[`\"]?(\w+)[`\"]?\s*\((\d+)\)", text) for text in (one, other)]
        if any(prefix):
            return bool(prefix[0] and prefix[1] and prefix[0].groups() == prefix[1].groups())
    return same_expression(one, other, dialect)


def _ordering(text: str) -> tuple[bool, str, str]:
    lower = text.lower()
    descending = bool(re.search(r"\sdesc\b", lower))
    nulls = re.search(r"nulls\s+(first|last)", lower)
    default = "first" if descending else "last"
    operators = re.search(r"(\w+_ops)\b", lower)
    return descending, nulls[1] if nulls else default, operators[1] if operators else ""


_REFERENCE = re.compile(r"(?:(?P<schema>[^.()]+)\.)?(?P<table>[^.()]+?)\s*(?:\((?P<columns>[^)]*)\))?\Z")


def references(said: str, found: Found, dialect: str) -> bool | None:
    value = found.get("references")
    if value is None:
        return False if found.get("kind") not in (None, "foreign key") else None
    ours, theirs = _REFERENCE.match(said.strip()), _REFERENCE.match(value.strip())
    if ours is None or theirs is None:
        return None
    key = dialect_named(dialect).key
    for part in ("schema", "table"):
        one, other = ours[part], theirs[part]
        if one and other and key(one.strip('"`')) != key(other.strip('"`')):
            return False
    if ours["columns"] and theirs["columns"]:
        return names(ours["columns"]) == names(theirs["columns"])
    return True


#: What a foreign key does when nothing is said.
_NO_ACTION = frozenset({"", "no action", "restrict"})


def action(attribute: str) -> Compare:
    def compare(said: str, found: Found, _dialect: str) -> bool | None:
        value = found.get(attribute, "") or ""
        said, value = said.lower(), value.lower()
        return said == value or (said in _NO_ACTION and value in _NO_ACTION)

    return compare
