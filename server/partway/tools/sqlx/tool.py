"""How sqlx's files are recognised: by names that others use too, so by its command line's templates or the project."""

from __future__ import annotations

import re

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".sql",)
SESSION_RESTORES: frozenset[str] = frozenset()
NAME = re.compile(r"(\d+)_(.*?)(?:\.(up|down))?\.sql")
OPT_OUT = "-- no-transaction"
_TEMPLATE = re.compile(r"-- Add (?:up |down )?migration script here")


def recognise(file: Candidate) -> Certainty:
    """`sqlx migrate add` begins a file with "-- Add migration script here"."""
    if not NAME.fullmatch(file.place.name):
        return Certainty.NO
    if file.head.startswith(OPT_OUT) or _TEMPLATE.match(file.head):
        return Certainty.SURE
    if "sqlx" in file.hints.tools and "migrations" in file.place.folders:
        return Certainty.SURE if "golang-migrate" not in file.hints.tools else Certainty.POSSIBLE
    return Certainty.NO
