"""What CREATE FUNCTION and its like say of a routine."""

from __future__ import annotations

import re

from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.characteristics import of_routine
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
    if cursor.dialect.indexes_in_table:
        if cursor.accept("RETURNS"):
            first = cursor.i
            _skip_type(cursor)
            attributes.append(("returns", cursor.said(first, cursor.i)))
        attributes += of_routine(cursor)
    else:
        attributes += _said_of(cursor)
    if body := _body(cursor):
        attributes.append(("body", body))
    return exists(object_, name, None, tuple(attributes))


#: What CREATE FUNCTION may say on PostgreSQL, anywhere before its body, as the catalog has it.
_SAID = {
    "IMMUTABLE": ("volatility", "immutable"),
    "STABLE": ("volatility", "stable"),
    "VOLATILE": ("volatility", "volatile"),
    "STRICT": ("strict", "yes"),
    "DEFINER": ("security", "definer"),
    "INVOKER": ("security", "invoker"),
}
#: A type by its name alone: of a table's columns, or of another thing's type, nothing is said.
_PLAIN_TYPE = re.compile(r"(?:setof )?[a-z_][\w. ]*(?: ?\([\d, ]+\))?(?: ?\[\])*")
_BEHIND_TYPE = (
    "LANGUAGE", "AS", "IMMUTABLE", "STABLE", "VOLATILE", "STRICT", "CALLED", "RETURNS", "SECURITY", "EXTERNAL",
    "LEAKPROOF", "NOT", "WINDOW", "PARALLEL", "COST", "ROWS", "SUPPORT", "SET", "TRANSFORM", "BEGIN", "RETURN",
)  # fmt: skip


def _said_of(cursor: Cursor) -> list[tuple[str, str]]:
    """What stands behind a routine's arguments on PostgreSQL; the cursor stays."""
    found = []
    part = cursor.part(cursor.i, cursor.count)
    if part.accept("RETURNS"):
        end = part.find(*_BEHIND_TYPE)
        said = part.said(part.i, end if end >= 0 else part.count)
        if _PLAIN_TYPE.fullmatch(said):
            found.append(("returns", said))
    end = part.find("AS", "BEGIN", "RETURN")
    words = [part.tokens[at][3] for at in range(part.i, end if end >= 0 else part.count)]
    return [*found, *dict(_SAID[word] for word in words if word in _SAID).items()]


#: Words that stand behind a type of MySQL by themselves.
_OF_TYPE = frozenset({"UNSIGNED", "SIGNED", "ZEROFILL", "BINARY", "ASCII", "UNICODE", "VARYING", "PRECISION"})


def _skip_type(cursor: Cursor) -> None:
    """Step over a type of MySQL, with its character set: which has a word that a body could begin with."""
    long = cursor.word() in ("NATIONAL", "LONG")
    cursor.i += 1
    if long:
        cursor.accept_any("CHAR", "CHARACTER", "VARCHAR", "VARBINARY")
    while not cursor.done:
        named = cursor.accept("CHARACTER", "SET") or cursor.accept("CHAR", "SET")
        if named or cursor.accept_any("CHARSET", "COLLATE") or cursor.word() in _OF_TYPE:
            cursor.i += 1
        elif not cursor.skip_parentheses():
            return


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
