"""What MySQL and MariaDB keep for the whole server: foreign servers, tablespaces, plugins, and how accounts are kept.

What is said of a thing is a fact for each word of it, since the catalog is asked of each by itself; none of them where
the statement says more than the catalog shows, such as a password.
"""

from __future__ import annotations

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition, exists
from partway.dialects import strings
from partway.sql.accounts import BEHIND, read_account, read_accounts
from partway.sql.context import Context
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import STRING

_SERVER = frozenset({"HOST", "DATABASE", "USER", "SOCKET", "OWNER", "PORT"})
_SIZES = {"K": 1024, "M": 1024**2, "G": 1024**3}
_LIMITS = {
    "MAX_QUERIES_PER_HOUR": "role-questions",
    "MAX_UPDATES_PER_HOUR": "role-updates",
    "MAX_CONNECTIONS_PER_HOUR": "role-connections",
    "MAX_USER_CONNECTIONS": "role-sessions",
}
_REQUIRED = {"NONE": "", "SSL": "ANY", "X509": "X509"}


def server(cursor: Cursor, name: Name, *, whole: bool) -> list[Postcondition]:
    """OPTIONS (HOST 'x', PORT 3306) of a server; `whole` where nothing may be left out. The cursor stays."""
    at = cursor.find("OPTIONS")
    if at < 0:
        return []
    inner = cursor.part(at + 2, cursor.closing(at + 1))
    found = []
    for piece in inner.pieces():
        part = inner.part(*piece)
        word = part.word()
        part.i += 1
        value = _constant(part) if word in _SERVER else None
        if value is not None:
            found.append(_said(f"server-{word.lower()}", name, value))
        elif whole:
            return []
    return found


def tablespace(cursor: Cursor, name: Name) -> list[Postcondition]:
    """AUTOEXTEND_SIZE = 4M ENCRYPTION = 'Y' of a tablespace; the cursor stays."""
    part = cursor.part(cursor.i, cursor.count)
    found = []
    while not part.done:
        word = part.accept_any("AUTOEXTEND_SIZE", "ENCRYPTION")
        part.accept("=")
        value = part.said(part.i, part.i + 1).strip("'\"").upper()
        part.i += 1
        if word == "AUTOEXTEND_SIZE" and value[-1:] in _SIZES and value[:-1].isdigit():
            value = str(int(value[:-1]) * _SIZES[value[-1]])
        if not word or not value or (word == "AUTOEXTEND_SIZE" and not value.isdigit()):
            return []
        found.append(
            _said("tablespace-autoextend" if value.isdigit() else "tablespace-encryption", name, value)
        )
    return found


def accounts(cursor: Cursor) -> list[Postcondition]:
    """ALTER USER a, b ACCOUNT LOCK, and what else is shown of accounts. The cursor stands at the first of them."""
    end = cursor.find(*BEHIND)
    said = _of_account(cursor.part(end, cursor.count)) if end >= 0 else {}
    found = []
    for piece in cursor.part(cursor.i, end).pieces() if said else ():
        part = cursor.part(*piece)
        if part.word() in ("CURRENT_USER", "USER"):
            return []
        account = read_account(part)
        if not part.done:
            return []
        found += [_said(kind, account, value) for kind, value in said.items()]
    return found


def made_accounts(cursor: Cursor) -> list[Postcondition]:
    """What CREATE USER says of the accounts that stand here besides their names, as far as it is shown. The cursor
    stays."""
    end = cursor.find(*BEHIND)
    said = _of_account(cursor.part(end, cursor.count), whole=False) if end >= 0 else {}
    accounts = read_accounts(cursor) if said else []
    return [_said(kind, account, value) for account in accounts for kind, value in said.items()]


def _of_account(cursor: Cursor, *, whole: bool = True) -> dict[str, str]:
    """What is said of an account; nothing where the catalog does not show all of it and the `whole` counts."""
    said: dict[str, str] = {}
    while not cursor.done:
        if cursor.accept("ACCOUNT"):
            said["role-lock"] = "yes" if cursor.accept_any("LOCK", "UNLOCK") == "LOCK" else "no"
        elif cursor.accept("REQUIRE") and cursor.word() in _REQUIRED:
            said["role-require"] = _REQUIRED[cursor.word()]
            cursor.i += 1
        elif cursor.word() == "COMMENT" and cursor.kind(1) == STRING:
            cursor.i += 1
            text = _constant(cursor)
            if text is not None:
                said["role-comment"] = text
            elif whole:
                return {}
        elif cursor.word() in _LIMITS and cursor.said(cursor.i + 1, cursor.i + 2).isdigit():
            said[_LIMITS[cursor.word()]] = cursor.said(cursor.i + 1, cursor.i + 2)
            cursor.i += 2
        elif whole and not (cursor.word() == "WITH" and cursor.word(1) in _LIMITS):
            return {}
        else:
            cursor.i += 1
    return said


def read_install(cursor: Cursor, context: Context) -> list[Action]:
    """INSTALL and UNINSTALL PLUGIN name, COMPONENT 'file', 'file'. What is in a library, only the library knows."""
    verb = cursor.word().lower()
    cursor.i = 1
    target = cursor.maybe_identifier() or ""
    try:
        facts = _installed(cursor.part(1, cursor.count), there=verb == "install")
    except Unread:
        facts = []
    return [context.action(verb, target, cursor.span(0, cursor.count), *facts)]


def _installed(cursor: Cursor, *, there: bool) -> list[Postcondition]:
    if cursor.accept("PLUGIN"):
        if cursor.accept("IF"):
            cursor.accept("NOT")
            cursor.expect("EXISTS")
        return [Postcondition("plugin", Name(cursor.identifier()), there)]
    if not cursor.accept("COMPONENT"):
        return []
    end = cursor.find("SET")
    files = cursor.part(cursor.i, end if end >= 0 else cursor.count)
    names = [_constant(files.part(*piece)) for piece in files.pieces()]
    return [Postcondition("component", Name(name), there) for name in names if name]


def _constant(cursor: Cursor) -> str | None:
    """The constant that stands here, stepping over it; None where what it says hangs on the server."""
    text = cursor.text[cursor.start : cursor.tokens[cursor.i][2]] if cursor.kind() == STRING else ""
    number = cursor.said(cursor.i, cursor.i + 1)
    cursor.i += 1
    if number.isdigit():
        return number
    meant = strings.said(text) if text else None
    return next(iter(meant)) if meant is not None and len(meant) == 1 else None


def _said(kind: str, name: Name, value: str) -> Postcondition:
    return exists(kind, name, None, (("value", value),))
