"""What CREATE POLICY and ALTER POLICY say of a row security policy on PostgreSQL."""

from __future__ import annotations

from partway.sql.cursor import Cursor

#: What a policy is that says nothing else.
DEFAULTS = (("permissive", "yes"), ("for", "all"), ("to", "public"), ("using", ""), ("check", ""))
_NEXT = ("AS", "FOR", "TO", "USING", "WITH")


def policy(cursor: Cursor) -> dict[str, str]:
    """What the text behind the table says."""
    said: dict[str, str] = {}
    while not cursor.done:
        if cursor.accept("AS"):
            said["permissive"] = "no" if cursor.accept("RESTRICTIVE") else "yes"
            cursor.accept("PERMISSIVE")
        elif cursor.accept("FOR"):
            said["for"] = cursor.word().lower()
            cursor.i += 1
        elif cursor.accept("TO"):
            said["to"] = _roles(cursor)
        elif cursor.accept("USING"):
            said["using"] = _expression(cursor)
        elif cursor.accept("WITH", "CHECK"):
            said["check"] = _expression(cursor)
        else:
            cursor.i += 1
    return said


def _roles(cursor: Cursor) -> str:
    end = cursor.find(*_NEXT)
    end = cursor.count if end < 0 else end
    found = [cursor.part(*piece) for piece in cursor.pieces(end)]
    cursor.i = end
    return ", ".join(sorted(one.maybe_identifier() or "" for one in found))


def _expression(cursor: Cursor) -> str:
    first = cursor.i
    cursor.skip_parentheses()
    return cursor.said(first + 1, cursor.i - 1)
