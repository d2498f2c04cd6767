"""Operators of PostgreSQL, their classes and families, and transforms: things that more than a name tells apart."""

from __future__ import annotations

from partway.core.postcondition import Name
from partway.sql.cursor import Cursor
from partway.sql.lexer import PUNCT, QUOTED, WORD

#: Things that are told apart by their access method, which stands behind their name: `name using btree`.
BY_METHOD = frozenset({"operator-class", "operator-family"})


def read_operator(cursor: Cursor) -> Name:
    """An operator, perhaps with its schema: `app.===`; its operands stand behind it."""
    schema = None
    while cursor.kind() in (WORD, QUOTED) and cursor.word(1) == ".":
        schema = cursor.identifier()
        cursor.i += 1
    first = cursor.i
    while cursor.kind() == PUNCT and cursor.word() not in ("(", ","):
        cursor.i += 1
    return Name("".join(token[3] for token in cursor.tokens[first : cursor.i]), schema)


def read_operands(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """`(int, NONE)` as an attribute, stepping over it; nothing where none stand here."""
    first = cursor.i
    if not cursor.skip_parentheses():
        return ()
    return (("arguments", cursor.said(first + 1, cursor.i - 1)),)


def made_operands(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """The same of CREATE OPERATOR, whose definition stands here: `(LEFTARG = int, ...)`. The cursor stays."""
    found = {"leftarg": "none", "rightarg": "none"}
    inner = cursor.part(cursor.i + 1, cursor.closing(cursor.i))
    for piece in inner.pieces():
        part = cursor.part(*piece)
        name = part.word().lower()
        if name in found:
            part.i += 1
            part.expect("=")
            found[name] = part.said(part.i, part.count)
    return (("arguments", f"{found['leftarg']}, {found['rightarg']}"),)


def with_method(name: Name, cursor: Cursor) -> Name:
    """The name of what stands here `USING method`, stepping over that, with the method behind it."""
    if not cursor.accept("USING"):
        return name
    return Name(f"{name.name} using {cursor.identifier()}", name.schema)


def read_transform(cursor: Cursor) -> tuple[Name, tuple[tuple[str, str], ...]]:
    """FOR type LANGUAGE name, stepping over it: the language, and the type as an attribute."""
    cursor.accept("FOR")
    at = cursor.find("LANGUAGE")
    if at < 0:
        return Name(cursor.identifier()), ()
    type_ = cursor.said(cursor.i, at)
    cursor.i = at + 1
    return Name(cursor.identifier()), (("arguments", type_),)
