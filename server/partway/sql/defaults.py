"""What statements of PostgreSQL say of roles, databases and of privileges on what is yet to be made."""

from __future__ import annotations

from partway.core.postcondition import Name, Postcondition
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import NUMBER, STRING
from partway.sql.sayings import SOMEBODY, Subject, read_terms

#: What ALL means of each kind of thing that is yet to be made.
_ALL = {
    "TABLES": ("select", "insert", "update", "delete", "truncate", "references", "trigger"),
    "SEQUENCES": ("usage", "select", "update"),
    "FUNCTIONS": ("execute",),
    "ROUTINES": ("execute",),
    "TYPES": ("usage",),
    "SCHEMAS": ("usage", "create"),
}


def default_privileges(cursor: Cursor) -> list[Postcondition]:
    """[FOR ROLE r, ...] [IN SCHEMA s, ...] GRANT words ON things TO roles; the cursor stands behind PRIVILEGES. None
    where that cannot be read."""
    try:
        return _default_privileges(cursor)
    except Unread:
        return []


def _default_privileges(cursor: Cursor) -> list[Postcondition]:
    makers, schemas = [""], [""]
    while cursor.word() in ("FOR", "IN"):
        where = cursor.accept("IN")
        if not where:
            cursor.expect("FOR")
        if not cursor.accept_any("ROLE", "USER", "SCHEMA"):
            return []
        names = []
        while True:
            if cursor.word() in SOMEBODY:
                return []
            names.append(cursor.identifier())
            if not cursor.accept(","):
                break
        makers, schemas = (makers, names) if where else (names, schemas)
    terms = read_terms(Cursor(cursor.text, cursor.tokens[cursor.i : cursor.count], cursor.dialect))
    kind = terms.things.word() if terms is not None else ""
    if terms is None or kind not in _ALL:
        return []
    found = []
    for piece in terms.words.pieces():
        word = terms.words.said(*piece).removesuffix(" privileges")
        for one in _ALL[kind] if word == "all" else (word,):
            for role in terms.roles:
                for maker in makers:
                    for schema in schemas:
                        more = (("maker", maker), ("place", schema), ("privilege", one), ("role", role))
                        which = f"{one} of {role or 'public'} on {kind.lower()}"
                        which += f" in {schema}" if schema else ""
                        which += f" of {maker}" if maker else ""
                        subject = Subject("default", Name(kind.lower()))
                        found.append(
                            subject.said("default-access", (*more, ("granted", terms.granted)), which)
                        )
    return found


#: Attributes of a role, each with its opposite.
_ATTRIBUTES = ("SUPERUSER", "CREATEDB", "CREATEROLE", "INHERIT", "LOGIN", "REPLICATION", "BYPASSRLS")


def role(cursor: Cursor, name: Name) -> list[Postcondition]:
    """What ALTER ROLE name says: attributes, or one setting. A password is never looked at, and where one stands
    nothing is said."""
    subject = Subject("role", name)
    cursor.accept("WITH")
    if cursor.word() in ("SET", "RESET", "IN"):
        return _setting(cursor, subject)
    found = []
    while not cursor.done:
        word = cursor.word()
        if word.removeprefix("NO") in _ATTRIBUTES:
            on = word in _ATTRIBUTES
            found.append(_says(subject, word.removeprefix("NO").lower(), "yes" if on else "no"))
        elif word == "CONNECTION" and cursor.word(1) == "LIMIT":
            cursor.i += 2
            first = cursor.i
            cursor.accept("-")
            found.append(
                _says(subject, "connection limit", cursor.said(first, cursor.i + 1).replace(" ", ""))
            )
        else:
            return []
        cursor.i += 1
    return found


def database(cursor: Cursor, name: Name) -> list[Postcondition]:
    """What ALTER DATABASE name says: one setting, or how many may connect."""
    subject = Subject("database", name)
    cursor.accept("WITH")
    if cursor.word() in ("SET", "RESET"):
        return _setting(cursor, subject)
    found = []
    while not cursor.done:
        if cursor.accept("CONNECTION", "LIMIT"):
            first = cursor.i
            cursor.accept("-")
            found.append(
                _says(subject, "connection limit", cursor.said(first, cursor.i + 1).replace(" ", ""))
            )
            cursor.i += 1
        elif cursor.word() in ("ALLOW_CONNECTIONS", "IS_TEMPLATE") and cursor.word(1) in ("TRUE", "FALSE"):
            found.append(_says(subject, cursor.word().lower(), "yes" if cursor.word(1) == "TRUE" else "no"))
            cursor.i += 2
        else:
            return []
    return found


def extension(cursor: Cursor, name: Name) -> list[Postcondition]:
    """ALTER EXTENSION name UPDATE TO 'version'."""
    if not cursor.accept("UPDATE", "TO") or cursor.kind() == 0:
        return []
    version = cursor.text[cursor.start : cursor.tokens[cursor.i][2]].strip("'\"")
    return [_says(Subject("extension", name), "version", version)]


def _says(subject: Subject, key: str, value: str) -> Postcondition:
    return subject.said("setting", (("key", key), ("value", value)), f"{key} of")


def _setting(cursor: Cursor, subject: Subject) -> list[Postcondition]:
    """[IN DATABASE d] SET key TO value, RESET key, RESET ALL; where a value is more than a word, nothing."""
    where = ""
    if cursor.accept("IN", "DATABASE"):
        where = cursor.identifier()
    if cursor.accept("RESET"):
        key, value = ("" if cursor.accept("ALL") else _key(cursor)), None
    else:
        cursor.expect("SET")
        key = _key(cursor)
        if not cursor.accept_any("TO", "="):
            return []
        value = _value(cursor, key)
        if value is None:
            return []
        value = None if value == _DEFAULT else value
    if not cursor.done or not key:
        return []
    more = (("key", f"set {key}"), ("in", where), ("value", "" if value is None else f"{key}={value}"))
    return [subject.said("setting", more, f"{key} in {where} of" if where else f"{key} of")]


_DEFAULT = "\0"


def _key(cursor: Cursor) -> str:
    key = cursor.identifier().lower()
    while cursor.accept("."):
        key += f".{cursor.identifier().lower()}"
    return key


#: Settings that are lists of names, each of which the server keeps in quotes where it needs them.
_NAMES = frozenset(
    """search_path temp_tablespaces local_preload_libraries session_preload_libraries
    shared_preload_libraries""".split()  # noqa: SIM905 - a list of words
)


def _value(cursor: Cursor, key: str) -> str | None:
    """The value as the server keeps it: strings, numbers and words, with commas between them. None where that cannot be
    read."""
    if cursor.count - cursor.i == 1 and cursor.accept("DEFAULT"):
        return _DEFAULT
    parts = [_one_value(cursor.part(*piece)) for piece in cursor.pieces()]
    cursor.i = cursor.count
    told = [part for part in parts if part is not None]
    if not told or len(told) < len(parts):
        return None
    from partway.dialects.catalog.postgresql_names import identifier

    return ", ".join(identifier(part) if key in _NAMES else part for part in told)


def _one_value(cursor: Cursor) -> str | None:
    negative = cursor.accept("-")
    if cursor.count - cursor.i != 1:
        return None
    raw = cursor.text[cursor.start : cursor.tokens[cursor.i][2]]
    kind = cursor.kind()
    if "${" in raw or (negative and kind != NUMBER):
        return None
    if kind == STRING and raw[:1] == "'":
        return raw[1:-1].replace("''", "'") if "\\" not in raw else None
    return f"-{raw}" if negative else raw if kind == NUMBER else cursor.maybe_identifier()
