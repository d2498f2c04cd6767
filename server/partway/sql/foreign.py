"""What statements of PostgreSQL say of foreign data: options of wrappers, servers, mappings, tables and columns.

An option's value may be a password. Where its name leaves that open, no more is said than that the option is there.
"""

from __future__ import annotations

import re

from partway.core.postcondition import Postcondition
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import DOLLAR, STRING
from partway.sql.sayings import Subject

#: What an option is called whose value nobody may see.
_SECRET = re.compile(r"pass|pwd|secret|token|key|cred|auth|conn|dsn|url|uri", re.IGNORECASE)
#: The options of a user mapping of which that is not so.
_WHO = frozenset({"user", "username", "user_name"})
#: An option that is there, whatever it says.
THERE = "there"


def foreign_options(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """OPTIONS (ADD a 'x', SET b 'y', DROP c), one fact for each option; none where one of them cannot be read. The
    cursor stays."""
    at = cursor.find("OPTIONS")
    if at < 0 or not cursor.dialect.privileges_in_table:
        return []
    inner = cursor.part(at + 2, cursor.closing(at + 1))
    try:
        return [fact for piece in inner.pieces() for fact in _option(inner.part(*piece), subject)]
    except Unread:
        return []


def _option(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    verb = cursor.accept_any("ADD", "SET", "DROP") if cursor.kind(1) not in (STRING, DOLLAR) else "ADD"
    name = cursor.identifier()
    secret = name not in _WHO if subject.of == "user-mapping" else _SECRET.search(name) is not None
    value = cursor.said(cursor.i, cursor.count)
    if "${" in value or (not value) != (verb == "DROP"):
        raise Unread("an option expected")
    if verb == "SET" and secret:
        return []
    value = THERE if secret and value else value
    more = (("key", f"option {name}"), ("value", value))
    return [subject.said("setting", more, f"option {name} of")]


def server(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """ALTER SERVER name VERSION 'x' OPTIONS (...)."""
    found = foreign_options(cursor, subject)
    if cursor.accept("VERSION") and cursor.kind() == STRING:
        text = cursor.text[cursor.start + 1 : cursor.tokens[cursor.i][2] - 1]
        if "\\" not in text and "'" not in text:
            found.append(subject.said("setting", (("key", "version"), ("value", text)), "version of"))
    return found


def wrapper(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """ALTER FOREIGN DATA WRAPPER name HANDLER f NO VALIDATOR OPTIONS (...)."""
    found = foreign_options(cursor, subject)
    while not cursor.done and cursor.word() != "OPTIONS":
        none = cursor.accept("NO")
        word = cursor.accept_any("HANDLER", "VALIDATOR").lower()
        if not word:
            break
        function = "" if none else str(cursor.name())
        more = (("key", f"function {word}"), ("value", function))
        found.append(subject.said("setting", more, f"{word} of"))
    return found
