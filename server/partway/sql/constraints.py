"""Table constraints, and on MySQL the indexes that are written like them: in CREATE TABLE and after ADD."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.columns import references
from partway.sql.cursor import Cursor


class ConstraintRead(NamedTuple):
    """A table constraint or, on MySQL, an index written like one; `object` says which. `traits` choose its row."""

    object: str
    name: str
    fact: Postcondition
    traits: frozenset[str]


def read_constraint(cursor: Cursor, table: Name) -> ConstraintRead | None:
    """The constraint or inline index that fills the rest of this cursor; None (and no step) where a column stands."""
    start = cursor.i
    reading = _Constraint(cursor)
    if cursor.accept("CONSTRAINT"):
        cursor.accept("IF", "NOT", "EXISTS")
        if cursor.word() not in _READERS or cursor.word(1) in _READERS:
            reading.name = cursor.identifier()
    reader = _READERS.get(cursor.word())
    if reader is None or not reader(reading):
        cursor.i = start
        return None
    return reading.finish(table)


class _Constraint:
    """A constraint being read: one method for each first word, which says whether one really begins there."""

    def __init__(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self.start = cursor.i
        self.inline_indexes = cursor.dialect.indexes_in_table
        self.object = "constraint"
        self.kind = ""
        self.name = ""
        self.columns: tuple[str, ...] | None = ()
        self.attributes: list[tuple[str, str]] = []
        self.traits: set[str] = set()

    def primary(self) -> bool:
        """PRIMARY KEY (columns) | USING INDEX name"""
        if not self.cursor.accept("PRIMARY", "KEY"):
            return False
        self._is("primary key")
        self._key()
        return True

    def foreign(self) -> bool:
        """FOREIGN KEY [name] (columns) REFERENCES ..."""
        cursor = self.cursor
        if not cursor.accept("FOREIGN", "KEY"):
            return False
        self._is("foreign key")
        cursor.accept("IF", "NOT", "EXISTS")
        inner = cursor.maybe_identifier() if cursor.word() != "(" else None
        self.name = self.name or inner or ""
        self.columns = cursor.names_in_parentheses()
        if cursor.accept("REFERENCES"):
            self.attributes += references(cursor)
        return True

    def check(self) -> bool:
        """CHECK (expression)"""
        cursor = self.cursor
        if cursor.word(1) != "(":
            return False
        self._is("check")
        first = cursor.i + 1
        cursor.i = first
        cursor.skip_parentheses()
        self.attributes.append(("expression", cursor.said(first, cursor.i)))
        return True

    def exclude(self) -> bool:
        """EXCLUDE USING method (...)"""
        if self.cursor.word(1) not in ("USING", "("):
            return False
        self._is("exclude")
        return True

    def not_null(self) -> bool:
        """NOT NULL column (PostgreSQL 18)"""
        if not self.cursor.accept("NOT", "NULL"):
            return False
        self._is("not null")
        self.columns = (self.cursor.identifier(),)
        return True

    def unique(self) -> bool:
        """UNIQUE (columns), on MySQL UNIQUE [INDEX | KEY] [name] (columns)"""
        cursor = self.cursor
        if not self.inline_indexes and cursor.word(1) not in ("(", "NULLS", "USING"):
            return False
        cursor.i += 1
        self._is("unique")
        if self.inline_indexes:
            self.object = "index"
            self.attributes.append(("unique", "yes"))
            cursor.accept_any("INDEX", "KEY")
            self._index_name()
        if cursor.accept("NULLS"):
            cursor.accept("NOT")
            cursor.accept("DISTINCT")
        self._key()
        return True

    def index(self) -> bool:
        """INDEX | KEY | FULLTEXT | SPATIAL [name] (columns): only where indexes can stand in a table's definition"""
        cursor = self.cursor
        if not self.inline_indexes or not any(cursor.word(ahead) == "(" for ahead in range(1, 9)):
            return False
        word = cursor.word()
        cursor.i += 1
        self.object = "index"
        if word in ("FULLTEXT", "SPATIAL"):
            self.attributes.append(("method", word.lower()))
            cursor.accept_any("INDEX", "KEY")
        self._index_name()
        self._key()
        return True

    def like(self) -> bool:
        """LIKE other_table (PostgreSQL)"""
        self.object = "like"
        return not self.inline_indexes and bool(self.cursor.kind(1))

    def period(self) -> bool:
        """PERIOD FOR name (columns) (MariaDB)"""
        self.object = "period"
        return self.cursor.word(1) == "FOR"

    def finish(self, table: Name) -> ConstraintRead:
        """What was read, with what stands after its columns."""
        cursor = self.cursor
        if [token[3] for token in cursor.tokens[max(0, cursor.count - 2) : cursor.count]] == ["NOT", "VALID"]:
            self.traits.add("not-valid")
            self.attributes.append(("valid", "no"))
        if not self.name and self.kind != "primary key":
            self.traits.add("unnamed")
        said = [("kind", self.kind)] if self.object == "constraint" else []
        if self.object == "constraint":
            self.attributes += deferring(cursor.part(self.start, cursor.count))
        if self.columns:
            said.append(("columns", ", ".join(self.columns)))
        fact = exists(self.object, Name(self.name), table, (*said, *self.attributes))
        return ConstraintRead(self.object, self.name, fact, frozenset(self.traits))

    def _is(self, kind: str) -> None:
        self.kind = kind
        self.traits.add(kind.replace(" ", "-"))

    def _index_name(self) -> None:
        cursor = self.cursor
        cursor.accept("IF", "NOT", "EXISTS")
        if cursor.word() not in ("(", "USING"):
            self.name = cursor.maybe_identifier() or self.name

    def _key(self) -> None:
        """The columns of a key, or the index it takes over."""
        cursor = self.cursor
        if cursor.accept("USING", "INDEX"):
            self.traits.add("using-index")
            index = cursor.identifier()
            self.name = self.name or index
            self.attributes.append(("index", index))
            return
        if cursor.accept("USING"):
            cursor.i += 1
        if self.inline_indexes and cursor.word() != "(":
            cursor.maybe_identifier()
        first = cursor.i
        self.columns = cursor.names_in_parentheses()
        said = cursor.said(first + 1, cursor.i - 1)
        if self.object == "index" and (not self.columns or said != ", ".join(self.columns)):
            self.attributes.append(("keys", said))


def deferring(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """When the rest of the text says that a constraint is checked: [NOT] DEFERRABLE, INITIALLY DEFERRED, [NOT]
    ENFORCED; what it leaves out is not said."""
    said: dict[str, str] = {}
    depth = 0
    for at in range(cursor.i, cursor.count):
        word, before = cursor.tokens[at][3], cursor.tokens[at - 1][3] if at else ""
        depth += (word == "(") - (word == ")")
        if depth:
            continue
        if word in ("DEFERRABLE", "ENFORCED"):
            said[word.lower()] = "no" if before == "NOT" else "yes"
            if word == "DEFERRABLE":
                said["deferred"] = "no"
        elif before == "INITIALLY" and word in ("DEFERRED", "IMMEDIATE"):
            said["deferred"] = "yes" if word == "DEFERRED" else "no"
            if word == "DEFERRED":
                said["deferrable"] = "yes"
    return tuple(sorted(said.items()))


_READERS: dict[str, Callable[[_Constraint], bool]] = {
    "PRIMARY": _Constraint.primary,
    "FOREIGN": _Constraint.foreign,
    "CHECK": _Constraint.check,
    "EXCLUDE": _Constraint.exclude,
    "NOT": _Constraint.not_null,
    "UNIQUE": _Constraint.unique,
    "INDEX": _Constraint.index,
    "KEY": _Constraint.index,
    "FULLTEXT": _Constraint.index,
    "SPATIAL": _Constraint.index,
    "LIKE": _Constraint.like,
    "PERIOD": _Constraint.period,
}
