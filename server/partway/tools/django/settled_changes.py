"""What is found out about a function of RunPython, and whether all of it can be done twice."""

from __future__ import annotations

import re
from typing import Final

from partway.tools.django.settled_rows import ANYTHING

#: Columns that saving a row may itself give another value, by how they are called.
_MOVES: Final = re.compile(
    r"_(?:at|on)$|date|time|modif|chang|edit|touch|stamp|version|revision|count|last", re.IGNORECASE
)


class Found:
    """What a function does, with the functions of its file that it calls. `changes` are the columns that are given a
    value, with the columns in which their rows have nothing; `asked` what rows are chosen by and what values are made
    of that must stay. `copied` are the columns of a row that others of it are given, `saves` says that rows are saved
    with all of their columns, `updates` and `assigns` how often columns are given a value in each way."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, frozenset[str]]] = []
        self.asked: set[str] = set()
        self.empty: set[str] = set()
        self.copied: set[str] = set()
        self.saves = False
        self.updates = self.assigns = self.calls = 0

    @property
    def is_settled(self) -> bool:
        """Whether all of it can be done twice."""
        assigned = {column for column, _ in self.changes}
        # What is filled is filled alone, never emptied again.
        filled = all(column in nulls for column, nulls in self.changes if column in self.empty)
        # Whatever rows a manager gives, one change of them can depend on no other.
        alone = ANYTHING not in self.asked or (self.updates == 1 and not self.assigns)
        stays = not self.saves or not any(map(_MOVES.search, self.copied))
        return bool(assigned) and assigned.isdisjoint(self.asked) and filled and alone and stays
