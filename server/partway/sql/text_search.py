"""What ALTER says of text search on PostgreSQL: which dictionaries a configuration asks, and a dictionary's options."""

from __future__ import annotations

from partway.core.postcondition import Name, Postcondition
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import NUMBER, STRING
from partway.sql.sayings import Subject


def configuration(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """ADD or ALTER MAPPING FOR kinds WITH dictionaries, DROP MAPPING FOR kinds: one fact for each kind of token. One
    dictionary in place of another says nothing of the rest of the list."""
    cursor.accept_any("ADD", "ALTER", "DROP")
    cursor.expect("MAPPING")
    cursor.accept("IF", "EXISTS")
    cursor.expect("FOR")
    kinds = [cursor.identifier()]
    while cursor.accept(","):
        kinds.append(cursor.identifier())
    value = ""
    if cursor.accept("WITH"):
        names: list[Name] = [cursor.name()]
        while cursor.accept(","):
            names.append(cursor.name())
        value = "\n".join(name.name for name in names)
    if not cursor.done:
        raise Unread("the end expected")
    return [
        subject.said("setting", (("key", f"mapping {kind}"), ("value", value)), f"mapping {kind} of")
        for kind in kinds
    ]


def dictionary(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """(stopwords = english, accept = false, gone): options by name; one without a value is taken away."""
    inner = cursor.part(cursor.i + 1, cursor.closing(cursor.i))
    found = []
    for piece in inner.pieces():
        part = cursor.part(*piece)
        name = part.identifier()
        value = ""
        if part.accept("="):
            if part.count - part.i != 1:
                raise Unread("one value expected")
            raw = part.said(part.i, part.count)
            plain = part.kind() in (STRING, NUMBER)
            value = raw if plain else f"'{part.identifier()}'"
        found.append(
            subject.said("setting", (("key", f"init {name}"), ("value", value)), f"option {name} of")
        )
    return found
