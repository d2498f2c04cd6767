"""What CREATE SEQUENCE and ALTER SEQUENCE say of a sequence besides its name."""

from __future__ import annotations

from partway.sql.cursor import Cursor

#: The words before a number.
_NUMBERS = {
    "INCREMENT": "increment",
    "MINVALUE": "minimum",
    "MAXVALUE": "maximum",
    "START": "start",
    "CACHE": "cache",
}


def sequence_options(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """What the rest of the text says. NO MINVALUE and RESTART, which hang on what the sequence has been, are not
    said."""
    said: dict[str, str] = {}
    while not cursor.done:
        word = cursor.word()
        if cursor.accept("NO"):
            word = cursor.word()
            if word in ("CYCLE", "CACHE"):
                said.update({"cycle": "no"} if word == "CYCLE" else {"cache": "1"})
            cursor.i += 1
        elif word in _NUMBERS:
            cursor.i += 1
            cursor.accept_any("BY", "WITH", "=")
            negative = "-" if cursor.accept("-") else ""
            said[_NUMBERS[word]] = f"{negative}{cursor.said(cursor.i, cursor.i + 1)}"
            cursor.i += 1
        elif cursor.accept("CYCLE") or cursor.accept("NOCYCLE"):
            said["cycle"] = "no" if word == "NOCYCLE" else "yes"
        elif cursor.accept("NOCACHE"):
            said["cache"] = "0"
        elif cursor.accept("AS"):
            said["type"] = cursor.said(cursor.i, cursor.i + 1)
            cursor.i += 1
        elif cursor.accept("OWNED", "BY"):
            said["owned-by"] = "" if cursor.accept("NONE") else _column(cursor)
        else:
            cursor.i += 1
    return tuple(said.items())


def _column(cursor: Cursor) -> str:
    """The column that a sequence belongs to, with its table, which lies in the schema that the sequence lies in."""
    named = [cursor.identifier()]
    while cursor.accept("."):
        named.append(cursor.identifier())
    return ".".join(named[-2:])
