"""What ALTER SUBSCRIPTION says on PostgreSQL: whether it runs, what it follows, some of its parameters."""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import STRING
from partway.sql.sayings import Subject

_SWITCHES = {"TRUE": "yes", "ON": "yes", "1": "yes", "FALSE": "no", "OFF": "no", "0": "no", "": "yes"}


def subscription(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """ENABLE, DISABLE, SET (...), and SET, ADD or DROP PUBLICATION. Where it connects to is nobody's business."""
    if cursor.word() in ("ENABLE", "DISABLE"):
        return [_trait(subject, "enabled", "yes" if cursor.word() == "ENABLE" else "no")]
    verb = cursor.accept_any("SET", "ADD", "DROP")
    if cursor.accept("PUBLICATION"):
        names = [cursor.identifier()]
        while cursor.accept(","):
            names.append(cursor.identifier())
        if verb == "SET":
            return [_trait(subject, "publications", "\n".join(sorted(names)))]
        return [_trait(subject, f"publication {name}", "yes" if verb == "ADD" else "no") for name in names]
    if verb != "SET" or cursor.word() != "(":
        return []
    inner = cursor.part(cursor.i + 1, cursor.closing(cursor.i))
    return [_parameter(cursor.part(*piece), subject) for piece in inner.pieces()]


def _parameter(cursor: Cursor, subject: Subject) -> Postcondition:
    name = cursor.identifier().lower()
    value = ""
    if cursor.accept("="):
        raw = cursor.said(cursor.i, cursor.count)
        value = raw[1:-1] if cursor.kind() == STRING and raw[:1] == "'" else raw
        if "'" in value or "\\" in value:
            raise Unread("a plain value expected")
    if name == "binary":
        return _trait(subject, name, _SWITCHES[value.upper()])
    if name == "synchronous_commit":
        return _trait(subject, name, value)
    if name == "slot_name":
        return _trait(subject, name, "" if value == "none" else value)
    raise Unread("a parameter expected that the catalog shows")


def _trait(subject: Subject, key: str, value: str) -> Postcondition:
    return subject.said("setting", (("key", key), ("value", value)), f"{key} of")
