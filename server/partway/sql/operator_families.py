"""What ALTER OPERATOR FAMILY says on PostgreSQL: which operators and functions are its members."""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import NUMBER
from partway.sql.operators import read_operands, read_operator
from partway.sql.sayings import Subject

#: Spellings of types that are the same one.
_SAME = {
    "int": "integer",
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "float8": "double precision",
    "float4": "real",
    "bool": "boolean",
    "timestamptz": "timestamp with time zone",
    "varchar": "character varying",
}


def operator_family(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """ADD OPERATOR 1 < (int, int), FUNCTION 1 (int, int) f(int, int), and DROP: one fact for each member."""
    value = "yes" if cursor.accept_any("ADD", "DROP") == "ADD" else "no"
    found = []
    for piece in cursor.pieces():
        part = cursor.part(*piece)
        kind = part.accept_any("OPERATOR", "FUNCTION").lower()
        if not kind or part.kind() != NUMBER:
            raise Unread("a member of an operator family expected")
        number = part.said(part.i, part.i + 1)
        part.i += 1
        if kind == "operator" and value == "yes":
            read_operator(part)
        types = dict(read_operands(part)).get("arguments", "").split(", ")
        types = [_SAME.get(type_, type_) for type_ in types]
        if not all(types) or len(types) > len(("left", "right")):
            raise Unread("types expected")
        key = f"member {kind} {number} {types[0]}, {types[-1]}"
        found.append(subject.said("setting", (("key", key), ("value", value)), f"{key} of"))
    return found
