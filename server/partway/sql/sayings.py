"""Facts that say something of a thing which is there already, and that are asked of the catalog with yes or no: its
comment, its owner, who may do what with it.

Each names its thing by attributes (`of`, `schema`, `name`, `arguments`) and by `table` where it lives in one; its own
name is the thing's in words. So that a later statement takes the place of an earlier one.
"""

from __future__ import annotations

from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.cursor import Cursor
from partway.sql.objects import IN_TABLE, ROUTINES, read_object


class Subject(NamedTuple):
    """A thing of which something is said."""

    of: str
    name: Name
    table: Name | None = None
    arguments: str | None = None

    def said(self, what: str, more: tuple[tuple[str, str], ...], which: str = "") -> Postcondition:
        """What is said of it; `which` tells it from other things that are said with the same word."""
        own = f"{self.of} {self.name}" if self.name.name else self.of
        own += f"({self.arguments})" if self.arguments is not None else ""
        attributes = [("of", self.of), ("name", self.name.name)]
        if self.name.schema:
            attributes.append(("schema", self.name.schema))
        if self.arguments is not None:
            attributes.append(("arguments", self.arguments))
        return exists(what, Name(f"{which} {own}".strip()), self.table, (*attributes, *more))


#: Kinds that have no schema before their name.
_ALONE = frozenset(
    """schema role database extension language server foreign-data-wrapper event-trigger publication subscription
    tablespace access-method""".split()  # noqa: SIM905 - a list of words
)


def read_subject(cursor: Cursor, of: str) -> Subject | None:
    """The thing that stands here, stepping over it; None where it is named in a way that is not known. Gives up where
    no name stands."""
    if of in ("cast", "operator", "operator-class", "operator-family", "transform", "large-object"):
        return None
    name = Name(cursor.identifier()) if of in _ALONE else cursor.name()
    if of in ROUTINES and cursor.word() == "(":
        first = cursor.i
        cursor.skip_parentheses()
        return Subject(of, name, None, cursor.said(first + 1, cursor.i - 1))
    if of in IN_TABLE:
        cursor.expect("ON")
        domain = cursor.accept("DOMAIN")
        table = cursor.name()
        return Subject("domain-constraint" if domain else of, name, table)
    return Subject(of, name)


def comment(cursor: Cursor) -> list[Postcondition]:
    """COMMENT ON thing IS text; the cursor stands at the thing's kind."""
    of = read_object(cursor)
    subject = read_subject(cursor, of) if of is not None else None
    if subject is None or not cursor.accept("IS"):
        return []
    return [subject.said("comment", (("text", cursor.said(cursor.i, cursor.count)),))]
