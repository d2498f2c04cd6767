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


def counted_partitions(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """What PARTITION BY [LINEAR] HASH (...) or KEY (...) PARTITIONS n says of its table, whose partitions nobody names
    and of which there is one where no number is said; nothing where it lists them, or parts them again."""
    at = cursor.find("PARTITION")
    part = cursor.part(max(at, cursor.i), cursor.count)
    if (
        at < 0
        or not part.accept("PARTITION", "BY")
        or part.find("SUBPARTITION") >= 0
        or listed_partitions(part)
    ):
        return ()
    linear = "linear " if part.accept("LINEAR") else ""
    method = part.accept_any("HASH", "KEY").lower()
    if method == "key" and part.accept("ALGORITHM"):
        part.accept("=")
        part.i += 1
    if not method or part.word() != "(":
        return ()
    first = part.i
    part.skip_parentheses()
    said = f"{linear}{method} ({part.said(first + 1, part.i - 1)})"
    number = part.said(part.i, part.i + 1) if part.accept("PARTITIONS") else "1"
    return (("partitioned", "yes"), ("partition-by", said), ("partitions", number))


def read_bounds(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """FOR VALUES ... or DEFAULT, which stands behind the table of a partition of PostgreSQL's; the cursor stays."""
    at = cursor.find("FOR", "DEFAULT")
    if at < 0:
        return ()
    end = cursor.part(at + 1, cursor.count).find(
        "PARTITION", "WITH", "USING", "TABLESPACE", "SERVER", "OPTIONS"
    )
    if (
        cursor.tokens[at][3] == "FOR"
        and cursor.tokens[at + 2 : at + 3]
        and cursor.tokens[at + 2][3] == "WITH"
    ):
        end = cursor.part(at + 3, cursor.count).find(
            "PARTITION", "WITH", "USING", "TABLESPACE", "SERVER", "OPTIONS"
        )
    said = cursor.text[cursor.tokens[at][1] : cursor.tokens[(end if end >= 0 else cursor.count) - 1][2]]
    return (("bounds", " ".join(said.split())),)


def more_partitions(cursor: Cursor, sign: str) -> tuple[tuple[str, str], ...]:
    """How many partitions a table gets or loses by this, which only who knows the number before can tell."""
    number = cursor.said(cursor.i, cursor.count)
    return (("partitions", f"{sign}{number}"),) if number.isdigit() else ()


def read_reorganize(alter: Alter, cursor: Cursor) -> list[Action]:
    """REORGANIZE PARTITION a, b INTO (PARTITION c ..., ...), which stands alone in its ALTER TABLE."""
    into = cursor.find("INTO")
    first = cursor.part(cursor.i + 2, into)
    old = [Name(first.part(*piece).identifier()) for piece in first.pieces()]
    new = read_partitions(cursor.part(into + 1, cursor.count))
    facts = [absent("partition", name, alter.table) for name in old if name not in new]
    facts += [exists("partition", name, alter.table) for name in new if name not in old]
    return [alter.action("reorganize-partition", alter.table, cursor, *facts)]
