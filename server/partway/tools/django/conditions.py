"""Conditions about the database in a Migration class: `connection.vendor == "mysql"`, `"sqlite3" in db_engine`; and
about production, where alone it is certain what Django itself says: DEBUG is not on there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

_VENDOR = re.compile(
    r"(not\s+)?[\w.]{0,80}\bvendor\s{0,9}(==|!=|in|not\s+in)\s{0,9}([(\[{]?[\w\"', ]{1,80}[)\]}]?)"
)
_ENGINE = re.compile(
    r"[\"'](\w{1,40})[\"']\s{1,9}(not\s+)?in\s{1,9}[\w.\[\]\"'()]{0,120}engine[\w\"'\])]{0,9}", re.IGNORECASE
)
_DEBUG = re.compile(r"(not\s+)?(?:conf\.)?settings\.DEBUG(?:\s{0,9}(==|!=|is\s+not|is)\s{0,9}(True|False))?")
_LONGEST = 400
_NAMED = re.compile(r"[\"'](\w+)[\"']")
_ENGINES = {"postgresql": "django.db.backends.postgresql", "mysql": "django.db.backends.mysql"}


def is_for(condition: str, vendor: str) -> bool | None:
    """Whether a condition holds on the database that Django calls so; None where it is about something else."""
    return _decided(condition, partial(_is_for, vendor=vendor))


def in_production(condition: str) -> bool | None:
    """Whether a condition holds in production; None where it is about something else."""
    return _decided(condition, _in_production)


def _decided(condition: str, leaf: Callable[[str], bool | None]) -> bool | None:
    """What a condition is, by what each of its parts is."""
    said = condition.strip()
    # Without parentheses `and` binds closer than `or`; with them around either, nothing is told.
    for word, decisive in (("or", True), ("and", False)):
        parts = said.split(f" {word} ") if len(said) <= _LONGEST else [said]
        if len(parts) > 1 and all(part.count("(") == part.count(")") for part in parts):
            decided = [_decided(part, leaf) for part in parts]
            return decisive if decisive in decided else None if None in decided else not decisive
    return leaf(said)


def _in_production(said: str) -> bool | None:
    match = _DEBUG.fullmatch(said)
    if match is None:
        return None
    wanted = (match[3] != "False") is not ("!" in (match[2] or "") or "not" in (match[2] or ""))
    return wanted is bool(match[1])


def _is_for(said: str, vendor: str) -> bool | None:
    if match := _VENDOR.fullmatch(said):
        named = vendor in _NAMED.findall(match[3])
        return (named is not match[2].startswith(("!", "not"))) is not bool(match[1])
    if match := _ENGINE.fullmatch(said):
        named = match[1] in _ENGINES.get(vendor, "django.db.backends.sqlite3")
        return named is not bool(match[2])
    return None
