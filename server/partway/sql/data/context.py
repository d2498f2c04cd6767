"""What the same file said earlier about the tables that a data change touches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from partway.core.postcondition import Name


class TableFacts(NamedTuple):
    """A table as the file made it; all names as `column_key` writes them.

    `columns` in their order. `keys` are the column sets that the engine holds unique: primary key, unique
    constraints, unique indexes without a condition. `generated` are the columns that get a value of their own in each
    new row when the INSERT gives none: serial, identity, AUTO_INCREMENT, SQLite's INTEGER PRIMARY KEY, a default such
    as gen_random_uuid(). `defaults` holds the constant defaults as written ("true", "'open'"); a column without one
    starts as NULL.
    """

    columns: tuple[str, ...]
    keys: tuple[frozenset[str], ...] = ()
    generated: frozenset[str] = frozenset()
    defaults: Mapping[str, str] = {}


class DataContext(NamedTuple):
    """Tables known at this place of the file, under their stored names, and those that are known to be empty there."""

    tables: Mapping[Name, TableFacts] = {}
    emptied: frozenset[Name] = frozenset()

    def table(self, name: Name) -> TableFacts | None:
        """The facts of the table; a name without schema finds the only table of that name, whatever its schema."""
        found = self.tables.get(name)
        if found is not None:
            return found
        same = [facts for known, facts in self.tables.items() if _may_be(known, name)]
        return same[0] if len(same) == 1 else None

    def is_emptied(self, name: Name) -> bool:
        """Whether nothing is left in the table at this place."""
        return name in self.emptied or any(_may_be(known, name) for known in self.emptied)


NOTHING_KNOWN = DataContext()


def _may_be(known: Name, name: Name) -> bool:
    return known.name == name.name and (known.schema is None or name.schema is None)


def column_key(name: str, *, quoted: bool, folds: bool) -> str:
    """How two spellings of one column compare: only a quoted name of a dialect that folds keeps its case."""
    return name if quoted and folds else name.lower()
