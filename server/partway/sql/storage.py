"""How PostgreSQL stores a table, index, view or column: SET (fillfactor = 70), CLUSTER ON, SET STATISTICS."""

from __future__ import annotations

from partway.sql.cursor import Cursor

#: An option of storage as an attribute: with its name behind it.
OPTION = "option "
#: How PostgreSQL keeps what tells a row of a table from others for those that replicate it.
_IDENTITIES = {"DEFAULT": "default", "FULL": "full", "NOTHING": "nothing"}
#: Options of these tables beside it are kept there.
_ELSEWHERE = "toast."


def storage(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """What these words set, as attributes; nothing where the catalog is not asked about it. The cursor stays."""
    part = cursor.part(cursor.i, cursor.count)
    for words, attribute in _NAMED:
        if part.accept(*words):
            return () if part.word() == "DEFAULT" else ((attribute, part.identifier()),)
    if part.accept("SET", "WITHOUT", "CLUSTER"):
        return (("cluster", ""),)
    if part.accept("REPLICA", "IDENTITY"):
        if part.accept("USING", "INDEX"):
            return (("replica-identity", f"index {part.identifier()}"),)
        kept = _IDENTITIES.get(part.word())
        return (("replica-identity", kept),) if kept else ()
    if part.accept("SET") or part.accept("RESET"):
        return _options(part) if part.word() == "(" else _of_column(part)
    return ()


#: What is called by a name.
_NAMED = (
    (("CLUSTER", "ON"), "cluster"),
    (("SET", "TABLESPACE"), "tablespace"),
    (("SET", "ACCESS", "METHOD"), "access-method"),
)


def _options(part: Cursor) -> tuple[tuple[str, str], ...]:
    """(fillfactor = 70, user_catalog_table); RESET names them alone."""
    resets = part.tokens[part.i - 1][3] == "RESET"
    inner = part.part(part.i + 1, part.closing(part.i))
    found: list[tuple[str, str]] = []
    for piece in inner.pieces():
        one = part.part(*piece)
        at = one.find("=")
        name = one.said(one.i, at if at >= 0 else one.count).strip('"')
        if name.startswith(_ELSEWHERE):
            return ()
        value = "" if resets else one.said(at + 1, one.count).strip("'") if at >= 0 else "true"
        found.append((f"{OPTION}{name}", value))
    return tuple(found)


def _of_column(part: Cursor) -> tuple[tuple[str, str], ...]:
    """STATISTICS 200, STORAGE external, COMPRESSION lz4."""
    word = part.accept_any("STATISTICS", "STORAGE", "COMPRESSION")
    value = part.said(part.i, part.count).lower()
    if word == "STORAGE" and value == "default":
        return ()  # that of the column's type, whatever it is
    return ((word.lower(), value),) if word and value else ()
