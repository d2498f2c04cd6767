"""What CREATE FUNCTION and its like say of a routine."""

from __future__ import annotations

from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.cursor import Cursor
from partway.sql.lexer import DOLLAR, STRING

#: Words that begin the body of a routine on MySQL; none of them can be among its characteristics.
_BODY_BEGINS = (
    "BEGIN",
    "RETURN",
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "SET",
    "CALL",
    "IF",
    "CASE",
    "LOOP",
    "REPLACE",
)


def routine(cursor: Cursor, object_: str, name: Name) -> Postcondition:
    """The routine whose arguments stand here, with its body where that can be read."""
    first = cursor.i
    cursor.skip_parentheses()
    attributes = [("arguments", cursor.said(first + 1, cursor.i - 1))]
    if body := _body(cursor):
        attributes.append(("body", body))
    return exists(object_, name, None, tuple(attributes))


def _body(cursor: Cursor) -> str:
    """A routine's body as the engine keeps it: what stands in quotes after AS, or on MySQL from its first statement."""
    if not cursor.dialect.lexis.dollar_quotes:
        at = cursor.find(*_BODY_BEGINS)
        return cursor.text[cursor.tokens[at][1] : cursor.tokens[cursor.count - 1][2]] if at >= 0 else ""
    at = cursor.find("AS")
    if at < 0 or at + 1 >= cursor.count:
        return ""
    kind, start, end, raw = cursor.tokens[at + 1]
    if kind == DOLLAR:
        return cursor.text[start + len(raw) : end - len(raw)]
    if kind == STRING and raw[:1] == "'" and at + 2 >= cursor.count:
        return raw[1:-1].replace("''", "'")
    return ""
