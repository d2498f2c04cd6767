"""What a look into a catalog is made of, whatever the dialect."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition

#: Text between quotes of any kind, which has no keywords, or a word all in upper case.
_KEYWORDS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\b[A-Z_]+\b""")


class Lookup(NamedTuple):
    """One row looked for in a catalog: where, by which conditions, and how this dialect selects no column. `grouped`
    is a condition on rows taken together: `GROUP BY ... HAVING ...`. `doubt` is an expression: where it is true, that
    there is no such row says nothing, and the look gives NULL."""

    source: str
    where: tuple[str, ...]
    select: str = "SELECT"
    grouped: str = ""
    doubt: str = ""

    @property
    def sql(self) -> str:
        """The look as a boolean expression on one line."""
        grouped = f" {self.grouped}" if self.grouped else ""
        there = f"EXISTS ({self.select} FROM {self.source} WHERE {' AND '.join(self.where)}{grouped})"
        return (
            f"CASE WHEN {there} THEN true WHEN {self.doubt} THEN NULL ELSE false END" if self.doubt else there
        )

    def lines(self, indent: str, width: int = 100) -> list[str]:
        """The query inside `EXISTS ( ... )`, laid out on lines of about `width` characters."""
        conditions = " AND ".join(self.where)
        if len(conditions) <= width:
            where = [f"WHERE {conditions}"]
        else:
            where = [f"WHERE {self.where[0]}", *(f"{indent}AND {condition}" for condition in self.where[1:])]
        return [f"{self.select} FROM {self.source}", *where, *([self.grouped] if self.grouped else [])]


class Block(StrEnum):
    """How a dialect runs a statement on a condition in plain SQL."""

    DO = "do"  # PostgreSQL: DO $$ BEGIN IF ... THEN statement; END IF; END $$
    PREPARED = "prepared"  # MySQL, MariaDB: SET @x = IF(..., 'statement', 'DO 0'); PREPARE; EXECUTE
    NONE = "none"


class Catalog(NamedTuple):
    """What a dialect says about its catalog, and how it writes what guards need besides.

    `lookup(postcondition)` is the row to look for, None where the catalog cannot be asked. By default a name without
    a schema is looked for where the operation would make it (an object to be present) or find it (one to be absent);
    `lookup(postcondition, found=True)` looks where a statement would find it (a rename makes the new name where the
    old one is), and for an index or constraint without a name by its columns.
    """

    lookup: Callable[..., Lookup | None]
    identifier: Callable[[str], str]
    literal: Callable[[str], str]
    block: Block
    skip_duplicates: str  # what makes an INSERT skip rows whose key is there
    skip_duplicates_after: str  # the keyword after which it is written; empty: at the end, before RETURNING
    dropped_first: frozenset[str] = frozenset()  # kinds that hold no data and are dropped by their name alone
    dropped_by_table: frozenset[str] = (
        frozenset()
    )  # kinds that hold no data and are dropped by name and table

    def qualified(self, name: Name) -> str:
        """A name as SQL text, quoted where it must be."""
        written = self.identifier(name.name)
        return f"{self.identifier(name.schema)}.{written}" if name.schema else written


def attribute(postcondition: Postcondition, name: str) -> str | None:
    """The value of an attribute, None where the text said nothing."""
    return next((value for key, value in postcondition.attributes if key == name), None)


def in_case(sql: str, lower: bool) -> str:
    """SQL whose keywords are in upper case, with them in lower case if so wished; what stands in quotes stays."""
    if not lower:
        return sql
    return _KEYWORDS.sub(lambda m: m.group() if m.group()[0] in "'\"`" else m.group().lower(), sql)
