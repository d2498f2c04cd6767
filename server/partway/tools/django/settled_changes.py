"""What is found out about a function of RunPython, and whether all of it can be done twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from partway.tools.django.settled_rows import ANYTHING, NotPlain

#: Columns that saving a row may itself give another value, by how they are called.
_MOVES: Final = re.compile(
    r"_(?:at|on)$|date|time|modif|chang|edit|touch|stamp|version|revision|count|last", re.IGNORECASE
)


class Found:
    """What a function does, with the functions of its file that it calls. `changes` are the columns that are given a
    value, with the columns in which their rows have nothing; `asked` what rows are chosen by and what values are made
    of that must stay, `read` the latter alone. `copied` are the columns of a row that others of it are given, `saves`
    says that rows are saved with all of their columns, `updates` and `assigns` how often columns are given a value in
    each way, `surrounded` that this stands in a loop or on a condition, or hangs on other rows. `models` are those
    whose rows are changed or looped over, `made` those whose rows are made where they are missing, with the columns by
    which they are found."""

    def __init__(self) -> None:
        self.changes: list[tuple[str, frozenset[str]]] = []
        self.asked: set[str] = set()
        self.empty: set[str] = set()
        self.copied: set[str] = set()
        self.read: set[str] = set()
        self.surrounded = False
        self.models: set[str] = set()
        self.made: dict[str, frozenset[str]] = {}
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
        # What is made is nothing that anything else of it meets in a second run.
        apart = not self.made or ("" not in self.models and self.models.isdisjoint(self.made))
        does = bool(assigned or self.made)
        if does and assigned.isdisjoint(self.asked) and filled and alone and stays and apart:
            return True
        # One change alone gives what it gave, wherever a row is still one that it chooses.
        one = self.updates == 1 and not (self.assigns or self.made or self.surrounded)
        return one and assigned.isdisjoint(self.read) and ANYTHING not in self.asked

    def make(self, model: str, keys: frozenset[str], among: Iterable[str]) -> None:
        """Rows of this model are made where no row has these keys, for each of those that are looped over."""
        if self.made.setdefault(model, keys) != keys:
            raise NotPlain
        self.models.update(one if "." in one else "" for one in among)
