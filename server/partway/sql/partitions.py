"""The partitions of MySQL and MariaDB, which live in their table and have names of their own."""

from __future__ import annotations

from partway.core.operation import Action
from partway.core.postcondition import Name, absent, exists
from partway.sql.altering import Alter
from partway.sql.cursor import Cursor


def read_partitions(cursor: Cursor) -> list[Name]:
    """The names in (PARTITION a VALUES ..., PARTITION b ...)."""
    if cursor.word() != "(":
        return []
    inner = cursor.part(cursor.i + 1, cursor.closing(cursor.i))
    found = []
    for first, last in inner.pieces():
        part = inner.part(first, last)
        if part.accept("PARTITION"):
            part.accept("IF", "NOT", "EXISTS")
            found.append(Name(part.identifier()))
    return found


def listed_partitions(cursor: Cursor) -> list[Name]:
    """The names in the list that PARTITION BY ends with; none where it has none."""
    for at in range(cursor.i, cursor.count - 1):
        if [token[3] for token in cursor.tokens[at : at + 2]] == ["(", "PARTITION"]:
            return read_partitions(cursor.part(at, cursor.count))
    return []


def read_reorganize(alter: Alter, cursor: Cursor) -> list[Action]:
    """REORGANIZE PARTITION a, b INTO (PARTITION c ..., ...), which stands alone in its ALTER TABLE."""
    into = cursor.find("INTO")
    first = cursor.part(cursor.i + 2, into)
    old = [Name(first.part(*piece).identifier()) for piece in first.pieces()]
    new = read_partitions(cursor.part(into + 1, cursor.count))
    facts = [absent("partition", name, alter.table) for name in old if name not in new]
    facts += [exists("partition", name, alter.table) for name in new if name not in old]
    return [alter.action("reorganize-partition", alter.table, cursor, *facts)]
