"""How goose's files are recognised: by their annotations, which goose itself demands."""

from __future__ import annotations

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".sql",)
SESSION_RESTORES: frozenset[str] = frozenset()


def recognise(file: Candidate) -> Certainty:
    """A file whose first line of SQL stands before `-- +goose Up` is refused by goose."""
    return Certainty.SURE if "+goose" in file.head else Certainty.NO
