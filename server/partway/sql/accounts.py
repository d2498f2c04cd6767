"""Accounts of MySQL and MariaDB, and what they may do on schemas and tables.

The catalog knows an account by its name and host. Here it is called `name@host`, and by its name alone where the text
says no host: an account from anywhere, or a role.
"""

from __future__ import annotations

from partway.core.postcondition import Name, Postcondition
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import PARAM

#: Words behind the accounts of CREATE USER, which may have commas of their own.
_BEHIND = ("REQUIRE", "WITH", "PASSWORD", "ACCOUNT", "DEFAULT", "COMMENT", "ATTRIBUTE")


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
    end = cursor.find(*_BEHIND)
    until = end if end >= 0 else cursor.count
    return [read_account(cursor.part(*piece)) for piece in cursor.part(cursor.i, until).pieces()]


def privileges(cursor: Cursor, verb: str) -> list[Postcondition]:
    """What GRANT or REVOKE leaves behind, one fact for each privilege and account; none where that is more than plain
    privileges on a schema or a table. The cursor stands behind the verb."""
    try:
        return _privileges(cursor, verb)
    except Unread:
        return []


def _privileges(cursor: Cursor, verb: str) -> list[Postcondition]:
    on = cursor.find("ON")
    to = cursor.find("TO" if verb == "grant" else "FROM")
    if on < 0 or to < on:
        return []
    words = [cursor.part(*piece) for piece in cursor.part(cursor.i, on).pieces()]
    said = [one.said(one.i, one.count).lower() for one in words]
    if any("(" in one or one.startswith(("all", "grant option", "proxy")) for one in said):
        return []
    place = cursor.part(on + 1, to)
    place.accept("TABLE")
    if place.word() in ("FUNCTION", "PROCEDURE", "PACKAGE") and place.word(1) not in ("", "."):
        return []
    schema, table = _place(place)
    behind = cursor.part(to + 1, cursor.count)
    end = behind.find("WITH", "REQUIRE", "IDENTIFIED", "AS")
    accounts = behind.part(to + 1, end if end >= 0 else cursor.count)
    found = []
    for piece in accounts.pieces():
        account = read_account(cursor.part(*piece)).name
        for privilege in said:
            name = Name(f"{privilege} on {schema or 'this'}.{table} to {account}")
            more = (("privilege", privilege), ("schema", schema), ("on", table), ("account", account))
            found.append(Postcondition("privilege", name, verb == "grant", None, more))
    return found


def _place(cursor: Cursor) -> tuple[str, str]:
    """The schema, empty for the current one, and the table, `*` for all of them; the schema is `*` for all of those."""
    if cursor.accept("*"):
        return ("*" if cursor.accept(".", "*") else ""), "*"
    first = cursor.identifier()
    if not cursor.accept("."):
        return "", first
    return first, "*" if cursor.accept("*") else cursor.identifier()
