"""Statements about the session and the transaction: BEGIN, COMMIT, SAVEPOINT, SET, RESET."""

from __future__ import annotations

from partway.core.migration import Control, Setting
from partway.sql.cursor import Cursor

_ISOLATION = frozenset({"ISOLATION", "READ", "DEFERRABLE", "NOT"})


def read_control(cursor: Cursor) -> Control | None:
    """What a statement does to the transaction, None where it does nothing of the kind."""
    word = cursor.word()
    if word == "BEGIN":
        return None if cursor.word(1) == "NOT" and cursor.word(2) == "ATOMIC" else Control.BEGIN
    if word == "START" and cursor.word(1) == "TRANSACTION":
        return Control.BEGIN
    if word == "COMMIT":
        return None if cursor.word(1) == "PREPARED" else Control.COMMIT
    if word == "END" and cursor.word(1) in ("", "TRANSACTION", "WORK", "AND"):
        return Control.COMMIT
    if word in ("ROLLBACK", "ABORT"):
        if cursor.word(1) == "PREPARED":
            return None
        words = [token[3] for token in cursor.tokens]
        return Control.ROLLBACK_TO if "TO" in words else Control.ROLLBACK
    if word == "SAVEPOINT":
        return Control.SAVEPOINT
    if word == "RELEASE":
        return Control.RELEASE
    return None


def read_setting(cursor: Cursor) -> list[Setting]:
    """The session settings that a SET, RESET or PRAGMA changes."""
    word = cursor.word()
    if word == "PRAGMA":
        return _pragma(cursor)
    if word == "RESET":
        name = "role" if cursor.word(1) == "SESSION" else cursor.word(1).lower()
        return [Setting(name, "", reset=True)] if name else []
    if word != "SET":
        return []
    cursor.i = 1
    local = cursor.accept("LOCAL")
    if cursor.word() == "SESSION" and cursor.word(1) == "AUTHORIZATION":
        cursor.i += 1
    if cursor.accept_any("ROLE", "AUTHORIZATION"):
        value = cursor.said(cursor.i, cursor.count)
        return [Setting("role", value, local, value.lower() in ("none", "default"))]
    if not local and not cursor.accept("SESSION"):
        if cursor.word() in (
            "GLOBAL",
            "PERSIST",
            "PERSIST_ONLY",
            "TRANSACTION",
            "PASSWORD",
            "ROLE",
            "DEFAULT",
            "RESOURCE",
        ):
            return []
        if cursor.word() == "CONSTRAINTS":
            return []
    elif cursor.word() in ("CHARACTERISTICS", "TRANSACTION"):
        return []
    if cursor.accept("TIME", "ZONE"):
        return [
            Setting(
                "timezone", cursor.said(cursor.i, cursor.count), local, cursor.word() in ("DEFAULT", "LOCAL")
            )
        ]
    if cursor.accept_any("NAMES", "CHARACTER", "CHARSET"):
        return [Setting("names", cursor.said(cursor.i, cursor.count), local)]
    settings = []
    for first, last in cursor.pieces():
        part = cursor.part(first, last)
        setting = _assignment(part, local)
        if setting is not None:
            settings.append(setting)
        elif not settings:
            break
    return settings


def _assignment(cursor: Cursor, local: bool) -> Setting | None:
    """`name = value`, `name TO value`, `@@session.name := value`; None for a user variable or another's scope."""
    first = cursor.i
    while not cursor.done and cursor.word() not in ("=", ":=", "TO"):
        cursor.i += 1
    name = cursor.said(first, cursor.i).lower()
    if cursor.done or not name:
        return None
    cursor.i += 1
    if name.startswith("@@"):
        name = name[2:]
        if name.startswith(("global.", "persist.")):
            return None
        name = name.removeprefix("session.").removeprefix("local.")
    elif name.startswith(("@", "global ", "persist ")):
        return None
    name = name.removeprefix("session ")
    value = cursor.said(cursor.i, cursor.count)
    return Setting(name, value, local, value.lower() == "default" or value.startswith("@"))


def _pragma(cursor: Cursor) -> list[Setting]:
    cursor.i = 1
    name = cursor.maybe_identifier() or ""
    if cursor.accept("."):
        name = cursor.maybe_identifier() or name
    if cursor.accept("="):
        return [Setting(name.lower(), cursor.said(cursor.i, cursor.count))]
    if cursor.word() == "(":
        return [Setting(name.lower(), cursor.said(cursor.i + 1, cursor.count - 1))]
    return []
