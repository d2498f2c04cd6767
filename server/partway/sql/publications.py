"""What ALTER PUBLICATION ... SET says on PostgreSQL: its tables, and which changes it publishes."""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import STRING
from partway.sql.sayings import Subject

_CHANGES = ("insert", "update", "delete", "truncate")
_SWITCHES = {"true": "yes", "on": "yes", "1": "yes", "": "yes", "false": "no", "off": "no", "0": "no"}


def publication(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """SET TABLE a, b and SET (publish = 'insert', ...); nothing where columns or rows are chosen, or whole schemas."""
    if not cursor.accept("SET"):
        return []
    if cursor.word() == "(":
        inner = cursor.part(cursor.i + 1, cursor.closing(cursor.i))
        return [fact for piece in inner.pieces() for fact in _parameter(cursor.part(*piece), subject)]
    names: list[str] = []
    for piece in cursor.pieces():
        part = cursor.part(*piece)
        if part.accept("TABLE") != (not names):
            raise Unread("a list of tables expected")
        part.accept("ONLY")
        names.append(str(part.name()))
        if not part.done:
            raise Unread("a table expected")
    more = (("key", "tables"), ("value", "\n".join(sorted(names))))
    return [subject.said("setting", more, "tables of")]


def _parameter(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    name = cursor.identifier().lower()
    if not cursor.done:
        cursor.expect("=")
    raw = cursor.said(cursor.i, cursor.count)
    quoted = cursor.kind() == STRING and raw[:1] == "'"
    value = (raw[1:-1] if quoted else raw).lower()
    if name == "publish":
        chosen = {word.strip() for word in value.split(",") if word.strip()}
        if chosen - set(_CHANGES):
            raise Unread("a list of changes expected")
        return [_trait(subject, change, "yes" if change in chosen else "no") for change in _CHANGES]
    if name == "publish_via_partition_root":
        return [_trait(subject, name, _SWITCHES[value])]
    raise Unread("a parameter expected that the catalog shows")


def _trait(subject: Subject, key: str, value: str) -> Postcondition:
    return subject.said("setting", (("key", key), ("value", value)), f"{key} of")
