"""What ALTER DATABASE, EVENT, PROCEDURE and FUNCTION of MySQL and MariaDB say, where the catalog shows all of it; what
CREATE says of them besides.

Schemas and events have a fact for each thing that is said, since the catalog is asked of each by itself.
"""

from __future__ import annotations

import re

from partway.core.postcondition import Name, Postcondition, exists
from partway.sql.cursor import Cursor
from partway.sql.lexer import NUMBER, STRING

Said = tuple[str, str]

#: Words that a routine's characteristics are said with, and what they say.
_ROUTINE: dict[tuple[str, ...], Said] = {
    ("LANGUAGE", "SQL"): ("", ""),
    ("SQL", "SECURITY", "DEFINER"): ("security", "definer"),
    ("SQL", "SECURITY", "INVOKER"): ("security", "invoker"),
    ("CONTAINS", "SQL"): ("data", "contains sql"),
    ("NO", "SQL"): ("data", "no sql"),
    ("READS", "SQL", "DATA"): ("data", "reads sql data"),
    ("MODIFIES", "SQL", "DATA"): ("data", "modifies sql data"),
}
#: What only CREATE says.
_MADE: dict[tuple[str, ...], Said] = {
    **_ROUTINE,
    ("DETERMINISTIC",): ("deterministic", "yes"),
    ("NOT", "DETERMINISTIC"): ("deterministic", "no"),
}
_EVENT: dict[tuple[str, ...], Said] = {
    ("ENABLE",): ("event-status", "enabled"),
    ("DISABLE",): ("event-status", "disabled"),
    ("ON", "COMPLETION", "PRESERVE"): ("event-completion", "preserve"),
    ("ON", "COMPLETION", "NOT", "PRESERVE"): ("event-completion", "not preserve"),
}
#: Units of a schedule that are counted by one number.
_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"})


def characteristics(cursor: Cursor, object_: str, name: Name) -> tuple[Postcondition, ...]:
    """What is said of a schema, an event or a routine; nothing where the catalog does not show all of it. The cursor
    stands behind the name."""
    part = cursor.part(cursor.i, cursor.count)
    if object_ in ("database", "schema"):
        value = _charset(part)
        return (exists("schema-charset", name, None, (("value", value),)),) if value else ()
    said: dict[str, str] = {}
    while not part.done:
        found = _words(part, _ROUTINE if object_ != "event" else _EVENT) or _value(part, object_)
        if found is None:
            return ()
        said[found[0]] = found[1]
    said.pop("", None)
    if object_ == "event":
        return tuple(exists(kind, name, None, (("value", value),)) for kind, value in said.items())
    return (exists(object_, name, None, tuple(said.items())),) if said else ()


def made(cursor: Cursor, object_: str, name: Name) -> list[Postcondition]:
    """What CREATE DATABASE and CREATE EVENT say besides the name, as far as the catalog shows it; the cursor stays."""
    part = cursor.part(cursor.i, cursor.count)
    if object_ == "event":
        return [exists(kind, name, None, (("value", value),)) for kind, value in _of_event(part).items()]
    if object_ not in ("database", "schema"):
        return []
    value = _charset(part, whole=False)
    return [exists("schema-charset", name, None, (("value", value),))] if value else []


#: What the times of an event are kept as, by the word before them.
_TIMES = {"AT": "event-at", "STARTS": "event-starts", "ENDS": "event-ends"}
_TIME = re.compile(r"'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)'")


def _of_event(cursor: Cursor) -> dict[str, str]:
    said: dict[str, str] = {}
    at = cursor.find("DO")
    if at < 0 or at + 1 >= cursor.count:
        return said
    head = cursor.part(cursor.i, at)
    while not head.done:
        word, time = head.word(), _TIME.fullmatch(head.said(head.i + 1, head.i + 2))
        if word in _TIMES and time is not None and head.word(2) not in ("+", "-"):
            said[_TIMES[word]] = time[1]
        if (found := _words(head, _EVENT) or _value(head, "event")) is not None:
            said[found[0]] = found[1]
        else:
            head.i += 1
    if cursor.part(cursor.i, at).find("AT", "ENDS") >= 0:
        said.pop("event-status", None)  # the server disables one that is over
    body = cursor.text[cursor.tokens[at + 1][1] : cursor.tokens[cursor.count - 1][2]]
    # Clients take comments away, and servers show strings with their escapes resolved.
    if not re.search(r"\\|/\*|--|#|\$\{", body):
        said["event-body"] = body
    return said


def of_routine(cursor: Cursor) -> tuple[Said, ...]:
    """The characteristics that stand here in CREATE FUNCTION, one after the other, stepping over them."""
    said: dict[str, str] = {}
    while (found := _words(cursor, _MADE) or _value(cursor, "function")) is not None:
        said[found[0]] = found[1]
    said.pop("", None)
    return tuple(said.items())


def _words(cursor: Cursor, known: dict[tuple[str, ...], Said]) -> Said | None:
    """What the words that stand here say, the most of them that are known, stepping over them."""
    for words in sorted(known, key=len, reverse=True):
        if all(cursor.word(ahead) == word for ahead, word in enumerate(words)):
            cursor.i += len(words)
            # DISABLE ON SLAVE is another thing.
            return None if words == ("DISABLE",) and cursor.word() == "ON" else known[words]
    return None


def _value(cursor: Cursor, object_: str) -> Said | None:
    """A comment, or how often an event runs, stepping over it."""
    if cursor.word() == "COMMENT" and cursor.kind(1) == STRING:
        text = cursor.said(cursor.i + 1, cursor.i + 2)
        cursor.i += 2
        if object_ != "event":
            return "comment", text
        return None if "\\" in text else ("event-comment", text[1:-1].replace(text[0] * 2, text[0]))
    words = [cursor.word(ahead) for ahead in range(5)]
    if object_ == "event" and words[:3] == ["ON", "SCHEDULE", "EVERY"] and words[4] in _UNITS:
        if cursor.kind(3) != NUMBER:
            return None
        cursor.i += 5
        return "event-schedule", f"{words[3]} {words[4].lower()}"
    return None


def _charset(cursor: Cursor, *, whole: bool = True) -> str:
    """[DEFAULT] CHARACTER SET x [DEFAULT] COLLATE y; of both the collation says more. Empty where another thing is
    said and the `whole` counts."""
    said = {"charset": "", "collation": ""}
    while not cursor.done:
        cursor.accept("DEFAULT")
        if cursor.accept("CHARACTER", "SET") or cursor.accept("CHARSET"):
            kind = "charset"
        elif cursor.accept("COLLATE"):
            kind = "collation"
        elif whole:
            return ""
        else:
            cursor.i += 1
            continue
        cursor.accept("=")
        said[kind] = cursor.said(cursor.i, cursor.i + 1).strip("'\"`").lower()
        cursor.i += 1
    value = said["collation"] or said["charset"]
    return "" if value == "default" else value
