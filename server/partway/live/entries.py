"""What is known of things, each under its key, and in groups: those of one table, those that refer to another. Pure.

A project's migrations leave thousands of things behind, and each operation concerns few of them: those are found by
their group, without a look at all the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from partway.core.postcondition import Postcondition

Key = tuple[str, ...]
#: A group's name: one of those below, or a table's schema and name.
Group = str | tuple[str, str]

#: What belongs to a column, as a sequence does.
OWNED = "owned"
#: What refers to a table: foreign keys.
REFERRING = "referring"
#: What goes with a thing that it is not in.
COMPANIONS = "companions"
#: What is said of all things of a kind in a schema at once.
ON_ALL = "on all"
#: Indexes of which nobody knows the table.
HOMELESS = "homeless"
#: What is in a table and has no name.
NAMELESS = "nameless"
#: What has a text of its own that may speak of other things: views, triggers, policies.
DEFINED = "defined"


class Entry(NamedTuple):
    """What is known of one thing: a fact, and whether it defines the thing or only says something about it."""

    fact: Postcondition
    full: bool = True


class Entries(dict[Key, Entry]):
    """Entries by their keys. `groups_of` says in which groups a fact is; none is formed before one is asked for."""

    def __init__(
        self,
        groups_of: Callable[[Postcondition], Collection[Group]],
        given: Mapping[Key, Entry] | None = None,
    ) -> None:
        super().__init__(given or {})
        self._groups_of = groups_of
        self._groups: dict[Group, dict[Key, None]] | None = None

    def group(self, group: Group) -> list[tuple[Key, Entry]]:
        """The entries of a group, in order."""
        if self._groups is None:
            self._groups = {}
            for key, entry in self.items():
                self._put(key, entry, self._groups)
        return [(key, self[key]) for key in self._groups.get(group, ())]

    def __setitem__(self, key: Key, entry: Entry) -> None:
        if self._groups is not None:
            known = self.get(key)
            if known is not None:
                self._take(key, known, self._groups)
            self._put(key, entry, self._groups)
        super().__setitem__(key, entry)

    def __delitem__(self, key: Key) -> None:
        if self._groups is not None:
            self._take(key, self[key], self._groups)
        super().__delitem__(key)

    def take(self, key: Key) -> Entry | None:
        """An entry, which is known no more; None where none is known."""
        known = self.get(key)
        if known is not None:
            del self[key]
        return known

    def _put(self, key: Key, entry: Entry, groups: dict[Group, dict[Key, None]]) -> None:
        for group in self._groups_of(entry.fact):
            groups.setdefault(group, {})[key] = None

    def _take(self, key: Key, entry: Entry, groups: dict[Group, dict[Key, None]]) -> None:
        for group in self._groups_of(entry.fact):
            del groups[group][key]
