"""Accounts of MySQL and MariaDB, and what they may do on schemas and tables.

The catalog knows an account by its name and host. Here it is called `name@host`, and by its name alone where the text
says no host: an account from anywhere, or a role.
"""

from __future__ import annotations

from partway.core.operation import AMONG
from partway.core.postcondition import Name, Postcondition, absent
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import PARAM

#: Words behind the accounts of CREATE USER, which may have commas of their own.
BEHIND = ("REQUIRE", "WITH", "PASSWORD", "ACCOUNT", "DEFAULT", "COMMENT", "ATTRIBUTE")


def read_account(cursor: Cursor) -> Name:
    """An account, with its host if it has one. Gives up where none stands."""
    name = cursor.identifier()
    host = ""
    if cursor.kind() == PARAM and cursor.word().startswith("@"):
        host = cursor.text[cursor.start + 1 : cursor.tokens[cursor.i][2]].strip("'\"`")
        cursor.i += 1
    elif cursor.accept("@"):
        host = cursor.identifier()
    if not host and "@" in name:
        host = "%"
    return Name(f"{name}@{host.lower()}" if host else name)


def read_accounts(cursor: Cursor) -> list[Name]:
    """The accounts of CREATE and DROP, whatever is said of each; the cursor stays."""
    end = cursor.find(*BEHIND)
    until = end if end >= 0 else cursor.count
    return [read_account(cursor.part(*piece)) for piece in cursor.part(cursor.i, until).pieces()]


#: What ALL means, by what it is granted on. https://dev.mysql.com/doc/refman/9.7/en/grant.html
_ON_TABLE = (
    *("select", "insert", "update", "delete", "create", "drop", "references", "index", "alter", "trigger"),
    *("create view", "show view"),
)
_ON_ROUTINE = ("execute", "alter routine")
_ON_SCHEMA = (
    *_ON_TABLE,
    *("execute", "event", "create temporary tables", "lock tables", "create routine", "alter routine"),
)
_ON_SERVER = (*_ON_SCHEMA, "reload", "shutdown", "process", "file", "super", "create user", "show databases")


#: How REVOKE takes away all that an account may do, wherever that is.
_EVERYTHING = frozenset({"all, grant option", "all privileges, grant option"})


def everything_of(account: str) -> Name:
    """What all that an account may do is called."""
    return Name(f"everything of {account}")


def privileges(cursor: Cursor, verb: str) -> list[Postcondition]:
    """What GRANT or REVOKE leaves behind, one fact for each privilege and account; none where something else is meant.
    The cursor stands behind the verb."""
    try:
        return _privileges(cursor, verb)
    except Unread:
        return []


def _privileges(cursor: Cursor, verb: str) -> list[Postcondition]:
    on = cursor.find("ON")
    to = cursor.find("TO" if verb == "grant" else "FROM")
    if to < 0 or to < on:
        return []
    accounts, option = _accounts(cursor, to + 1)
    if not accounts:
        return []
    if verb == "revoke" and cursor.said(cursor.i, to).removeprefix("if exists ") in _EVERYTHING:
        return [absent("privilege", everything_of(one), None, (("account", one), AMONG)) for one in accounts]
    if on < 0:
        return _memberships(cursor.part(cursor.i, to), accounts, verb, option)
    place = cursor.part(on + 1, to)
    place.accept("TABLE")
    routine = ""
    if place.word() in ("FUNCTION", "PROCEDURE", "PACKAGE") and place.word(1) not in ("", "."):
        routine = "package body" if place.accept("PACKAGE", "BODY") else place.word().lower()
        place.i += not routine.endswith("body")
    schema, name = _place(place)
    soft = cursor.accept("IF", "EXISTS")
    words = [cursor.part(*piece) for piece in cursor.part(cursor.i, on).pieces()]
    every = any(one.word() == "ALL" for one in words)
    soft = soft or (verb == "revoke" and every)
    said = [pair for one in words for pair in _words(one, schema, name, routine)]
    if option == "GRANT" and not any(
        "_" in word for word, _ in said
    ):  # BACKUP_ADMIN has an option of its own
        said.append(("grant option", ""))
    found = []
    for account in accounts:
        for word, column in said:
            where = f"{f'{routine} ' if routine else ''}{schema or 'this'}.{name}"
            what = Name(f"{word}{f' ({column})' if column else ''} on {where} to {account}")
            more = [("privilege", word), ("schema", schema), ("on", name), ("account", account)]
            more += [("column", column)] if column else []
            more += [("routine", routine)] if routine else []
            more += [AMONG] if soft else [("all", "yes")] if every else []
            found.append(Postcondition("privilege", what, verb == "grant", None, tuple(more)))
    return found


def _words(cursor: Cursor, schema: str, name: str, routine: str) -> list[tuple[str, str]]:
    """The privileges that one of the list names, with the columns that it is on. USAGE is none; gives up on PROXY."""
    if cursor.accept("ALL"):
        return [(word, "") for word in _every(schema, name, routine)]
    opening = next((at for at in range(cursor.i, cursor.count) if cursor.tokens[at][3] == "("), -1)
    word = cursor.said(cursor.i, opening if opening >= 0 else cursor.count).lower()
    if word == "proxy":
        raise Unread("a privilege expected")
    if opening < 0:
        return [(word, "")] if word != "usage" else []
    inner = cursor.part(opening + 1, cursor.closing(opening))
    return [(word, inner.part(*piece).identifier()) for piece in inner.pieces()]


def _every(schema: str, name: str, routine: str) -> tuple[str, ...]:
    """What ALL means here."""
    if routine:
        return _ON_ROUTINE
    if schema == "*":
        return _ON_SERVER
    return _ON_SCHEMA if name == "*" else _ON_TABLE


def _accounts(cursor: Cursor, first: int) -> tuple[list[str], str]:
    """The accounts of TO and FROM, and which option they get with it; none where only a session knows who is meant."""
    behind = cursor.part(first, cursor.count)
    end = behind.find("WITH", "REQUIRE", "IDENTIFIED", "AS")
    found = []
    for piece in cursor.part(first, end if end >= 0 else cursor.count).pieces():
        part = cursor.part(*piece)
        if part.word() in ("CURRENT_USER", "CURRENT_ROLE"):
            return [], ""
        found.append(read_account(part).name)
    with_ = behind.find("WITH")
    options = cursor.part(with_ + 1, cursor.count) if with_ >= 0 else None
    option = options.accept_any("GRANT", "ADMIN") if options is not None else ""
    return found, option if options is not None and options.accept("OPTION") else ""


def _memberships(roles: Cursor, accounts: list[str], verb: str, option: str) -> list[Postcondition]:
    """GRANT role TO account, REVOKE role FROM account."""
    if roles.find("OPTION", "ALL") >= 0:
        return []
    more = (AMONG,) if roles.accept("IF", "EXISTS") else (("admin", "yes"),) if option == "ADMIN" else ()
    found = []
    for piece in roles.pieces():
        role = read_account(roles.part(*piece)).name
        for account in accounts:
            said = (("role", role), ("account", account), *more)
            found.append(
                Postcondition("privilege", Name(f"{role} to {account}"), verb == "grant", None, said)
            )
    return found


def _place(cursor: Cursor) -> tuple[str, str]:
    """The schema, empty for the current one, and the table, `*` for all of them; the schema is `*` for all of those."""
    if cursor.accept("*"):
        return ("*" if cursor.accept(".", "*") else ""), "*"
    first = cursor.identifier()
    if not cursor.accept("."):
        return "", first
    return first, "*" if cursor.accept("*") else cursor.identifier()
