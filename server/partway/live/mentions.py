"""What facts say of names: which they mention, and what they leave unsaid. Pure."""

from __future__ import annotations

import re

from partway.core.postcondition import SAYINGS, Name, Postcondition, exists
from partway.live.normal.found import OR_INTEGER, UNSAID

#: One name as a word of its own.
WORD = r"(?<![\w$]){}(?![\w$])"


def unsaid(fact: Postcondition, hints: bool) -> Postcondition:
    """What a tool's call makes of an index, where its reader cannot say whether it is partial: it may be. And of a
    column of whole numbers, where types are but hints: Rails writes another one when it makes the table anew."""
    said = dict(fact.attributes)
    if hints and fact.object == "column" and "int" in said.get("type", "").lower():
        return fact._replace(attributes=tuple({**said, "type": f"{said['type']}{OR_INTEGER}"}.items()))
    if fact.object != "index" or not fact.present or not said.get("columns") or "predicate" in said:
        return fact
    return fact._replace(attributes=(*fact.attributes, ("predicate", UNSAID)))


#: What things outside of tables are said to be like, each a fact by itself: `event-status`.
_LIKENESS = frozenset(
    {"charset", "status", "completion", "comment", "schedule", "body", "at", "starts", "ends"}
    | {"host", "database", "user", "socket", "owner", "port", "autoextend", "encryption"}
    | {"lock", "require", "questions", "updates", "connections", "sessions"}
)


#: Things that are made of functions and types, and go with them.
_MADE_OF = frozenset({"operator", "operator-class", "transform"})
_MADE_FROM = frozenset(
    {"function", "type", "domain", "table", "schema", "extension", "language", "operator", "operator-family"}
)


def is_companion(fact: Postcondition) -> bool:
    """Whether something may go with a thing that it is not in."""
    return (
        fact.object in SAYINGS
        or fact.object in _MADE_OF
        or fact.object in ("privilege", "published", "user-mapping")
        or fact.object.partition("-")[2] in _LIKENESS
    )


def is_like(fact: Postcondition, object_: str, name: str) -> bool:
    """Whether it says what a thing outside of tables is like: this one."""
    kind, _, likeness = fact.object.partition("-")
    of = "schema" if object_ == "database" else object_
    return likeness in _LIKENESS and kind == of and str(fact.name) == name


def goes_with(fact: Postcondition, gone: Postcondition) -> bool:
    """Whether a companion goes with this thing: a privilege with its account, a table's place in a publication with
    that."""
    if fact.object == "user-mapping":
        own = {"server": fact.table, "role": fact.name}.get(gone.object)
        return own is not None and gone.name == own
    if fact.object in _MADE_OF and gone.object in _MADE_FROM - {fact.object}:
        return fact.present  # perhaps: CASCADE takes it along
    if gone.object == "published":
        return False  # its publication stays
    if fact.object in SAYINGS:
        said = dict(fact.attributes)
        if gone.object == "server" and said.get("of") == "user-mapping":
            return fact.table == gone.name
        if gone.object == "table" and said.get("key") == "tables":
            return True  # it may be one of them
        place = (said.get("schema") or said.get("place")) if gone.object == "schema" else None
        return gone.name.name in (
            said.get("name"),
            said.get("role"),
            said.get("owner"),
            said.get("maker"),
            place,
        )
    if fact.object == "privilege":
        return _privilege_goes_with(dict(fact.attributes), gone)
    if is_like(fact, gone.object, str(gone.name)):
        return True
    return fact.object == "published" and gone.object == "publication" and fact.name == gone.name


def _privilege_goes_with(said: dict[str, str], gone: Postcondition) -> bool:
    """Whether a privilege of MySQL's goes with this: an account, a role, a routine, or the same on a whole table."""
    if gone.object == "role":
        return gone.name.name in (said.get("account"), said.get("role"))
    if gone.object in ("procedure", "function", "package"):
        return said.get("routine", "").startswith(gone.object) and said.get("on") == gone.name.name
    taken = dict(gone.attributes)
    if gone.object == "privilege" and "privilege" not in taken and "role" not in taken:
        return said.get("account") == taken.get("account")  # all that an account may do
    same = gone.object == "privilege" and "column" in said and "column" not in taken
    return same and all(said.get(key) == taken.get(key) for key in ("privilege", "schema", "on", "account"))


def on_all(fact: Postcondition) -> bool:
    """Whether it says something of all things of a kind in a schema: ALL TABLES IN SCHEMA."""
    return fact.object == "access" and dict(fact.attributes).get("of", "").startswith("all-")


def members(fact: Postcondition) -> list[Postcondition]:
    """What a list says of single things: that these tables are in a publication."""
    said = dict(fact.attributes)
    if said.get("key") != "tables":
        return []
    tables = [name.rpartition(".") for name in said["value"].splitlines()]
    return [exists("published", Name(said["name"]), Name(name, schema or None)) for schema, _, name in tables]


def of_triggers(fact: Postcondition) -> bool:
    """Whether it says how triggers fire, one or all of a table."""
    said = dict(fact.attributes)
    return said.get("key", "").startswith("triggers ") or (
        fact.object == "trigger" and said.keys() == {"fires"}
    )


def subject(fact: Postcondition) -> Postcondition | None:
    """The thing that a fact says something of, where that is all it does."""
    said = dict(fact.attributes)
    if fact.object not in SAYINGS or said.get("of", "default") == "default" or on_all(fact):
        return None
    of = "constraint" if said["of"] == "domain-constraint" else said["of"]
    arguments = (("arguments", said["arguments"]),) if "arguments" in said else ()
    return exists(of, Name(said["name"], said.get("schema")), fact.table, arguments)


def mentions(fact: Postcondition, column: str) -> bool:
    """Whether a fact speaks of a column."""
    pattern = re.compile(WORD.format(re.escape(column)), re.IGNORECASE)
    return any(
        pattern.search(value) for key, value in fact.attributes if key not in ("references", "method", "kind")
    )


def may_go_with(fact: Postcondition, column: str) -> bool:
    """Whether something in a table goes, or changes, when this column goes; of a constraint or index of which no more
    than the name is known, nobody can tell."""
    shapeless = fact.object in ("constraint", "index") and not any(
        key != "kind" for key, _ in fact.attributes
    )
    return fact.object != "column" and (shapeless or mentions(fact, column))


def replaced(text: str, old: str, new: str) -> str:
    """A text with another name for one."""
    return re.sub(WORD.format(re.escape(old)), lambda _: new, text, flags=re.IGNORECASE)
