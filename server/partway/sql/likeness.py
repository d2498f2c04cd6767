"""What ALTER says on PostgreSQL of things that are there, one fact for each trait: who reads which kind."""

from __future__ import annotations

from collections.abc import Callable

from partway.core.postcondition import Postcondition
from partway.sql.cursor import Cursor, Unread
from partway.sql.foreign import foreign_options, server, wrapper
from partway.sql.operator_families import operator_family
from partway.sql.publications import publication
from partway.sql.sayings import Subject
from partway.sql.subscriptions import subscription
from partway.sql.text_search import configuration, dictionary


def likeness(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """The facts of the rest of an ALTER; none where it cannot be read. The cursor stays."""
    reader = _READERS.get(subject.of)
    if reader is None or not cursor.dialect.privileges_in_table:
        return []
    part = cursor.part(cursor.i, cursor.count)
    if "${" in cursor.text[part.start : cursor.tokens[cursor.count - 1][2]]:
        return []  # what it stands for is not told
    try:
        return reader(part, subject)
    except (Unread, KeyError):
        return []


def depends(cursor: Cursor, subject: Subject) -> list[Postcondition] | None:
    """[NO] DEPENDS ON EXTENSION name; None where something else stands here. The cursor stays."""
    part = cursor.part(cursor.i, cursor.count)
    value = "no" if part.accept("NO") else "yes"
    if not part.accept("DEPENDS", "ON", "EXTENSION"):
        return None
    extension = part.maybe_identifier()
    if extension is None or "${" in extension:
        return []
    key = f"dependence on {extension}"
    return [subject.said("setting", (("key", key), ("value", value)), f"{key} of")]


#: How PostgreSQL keeps when an event trigger fires.
_FIRES = {
    ("ENABLE",): "O",
    ("DISABLE",): "D",
    ("ENABLE", "REPLICA"): "R",
    ("ENABLE", "ALWAYS"): "A",
}


def _event_trigger(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    value = _FIRES.get(tuple(token[3] for token in cursor.tokens[cursor.i : cursor.count]))
    return [_trait(subject, "fires", value)] if value else []


def _statistics(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """SET STATISTICS n; -1 and DEFAULT are the server's own."""
    if not cursor.accept("SET", "STATISTICS"):
        return []
    value = cursor.said(cursor.i, cursor.count).replace(" ", "")
    return [_trait(subject, "statistics", "default" if value == "-1" else value)]


#: How PostgreSQL keeps the values of a type.
_STORAGE = {"plain": "p", "external": "e", "main": "m", "extended": "x"}
#: Functions of a type that can be changed.
_OF_TYPE = frozenset({"receive", "send", "typmod_in", "typmod_out", "analyze"})


def _type(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """SET (STORAGE = extended, SEND = f, ANALYZE = NONE) of a type that functions make."""
    if not cursor.accept("SET") or cursor.word() != "(":
        return []
    found = []
    for name, part in properties(cursor):
        if name == "storage":
            found.append(_trait(subject, name, _STORAGE[part.identifier().lower()]))
        elif name in _OF_TYPE:
            found.append(_function(subject, name, part))
        else:
            raise Unread("a property of a type expected")
    return found


def _operator(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """SET (RESTRICT = f, JOIN = NONE, HASHES, MERGES)."""
    if not cursor.accept("SET") or cursor.word() != "(":
        return []
    found = []
    for name, part in properties(cursor):
        if name in ("restrict", "join"):
            found.append(_function(subject, name, part))
        elif name in ("hashes", "merges") and (part.done or part.word() in ("TRUE", "FALSE")):
            found.append(_trait(subject, name, "no" if part.word() == "FALSE" else "yes"))
        else:
            raise Unread("a property of an operator expected")
    return found


def properties(cursor: Cursor) -> list[tuple[str, Cursor]]:
    """(name = value, name): the names, and a cursor at each value."""
    inner = cursor.part(cursor.i + 1, cursor.closing(cursor.i))
    found = []
    for piece in inner.pieces():
        part = cursor.part(*piece)
        name = part.identifier().lower()
        if not part.done:
            part.expect("=")
        found.append((name, part))
    return found


def _function(subject: Subject, key: str, cursor: Cursor) -> Postcondition:
    value = "" if cursor.word() == "NONE" else str(cursor.name())
    return subject.said("setting", (("key", f"function {key}"), ("value", value)), f"{key} of")


def _trait(subject: Subject, key: str, value: str) -> Postcondition:
    return subject.said("setting", (("key", key), ("value", value)), f"{key} of")


_READERS: dict[str, Callable[[Cursor, Subject], list[Postcondition]]] = {
    "server": server,
    "foreign-data-wrapper": wrapper,
    "user-mapping": foreign_options,
    "event-trigger": _event_trigger,
    "statistics": _statistics,
    "type": _type,
    "operator": _operator,
    "operator-family": operator_family,
    "publication": publication,
    "subscription": subscription,
    "text-search-configuration": configuration,
    "text-search-dictionary": dictionary,
}
