"""What tables were called before a migration, and what each was without then, whatever it is called now. Pure.

A table that is renamed takes its indexes, constraints and columns along. So what an operation makes in it under its
new name was not there under the old one either, or making it would have failed.
"""

from __future__ import annotations

from collections.abc import Callable

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition
from partway.live.entries import Key
from partway.live.simulation import World


class Origins:
    """Told of each operation in turn. `key` gives the thing that a fact is about."""

    def __init__(self, world: World, key: Callable[[Postcondition], Key]) -> None:
        self._world = world
        self._key = key
        #: By what a table is called now; None for one that was not there.
        self._called: dict[Key, Name | None] = {}
        #: Tables of which a column went, and with it what nobody told.
        self._narrowed: set[Name] = set()
        #: Whether a thing was there, by what its table was called then; None where a guard alone knows.
        self._had: dict[Key, bool | None] = {}

    def moved(self, old: Name, new: Name) -> None:
        """A table was renamed."""
        self._called[self._world.table_key(new)] = self._before(old)
        self._called[self._world.table_key(old)] = None

    def came_or_went(self, table: Name) -> None:
        """A table was made, or taken away."""
        self._called[self._world.table_key(table)] = None

    def narrowed(self, table: Name) -> None:
        """A column of a table went."""
        before = self._before(table)
        if before is not None:
            self._narrowed.add(before)

    def told(self, action: Action, fact: Postcondition) -> None:
        """Something inside a table came or went."""
        before = self._before(fact.table) if fact.table is not None else None
        if before is None:
            return
        unsure = action.guard is not None or action.may_be_so or before in self._narrowed
        self._had.setdefault(self._key(fact._replace(table=before)), None if unsure else not fact.present)

    def lacked(self, fact: Postcondition) -> bool:
        """Whether a table that was called so before is known to have been without the thing."""
        return self._had.get(self._key(fact)) is False

    def _before(self, table: Name) -> Name | None:
        return self._called.get(self._world.table_key(table), table)
