"""DROP ... IF EXISTS on the line before: for what holds no data and has no other form."""

from __future__ import annotations

from partway.core.edit import Edit
from partway.core.operation import Action
from partway.dialects.catalog import Catalog
from partway.dialects.dialect import Dialect
from partway.sql.cursor import Cursor, Unread
from partway.sql.guards.frame import Frame

#: The word before the table's name, for objects that are dropped by table.
_BEFORE_TABLE = {"TRIGGER": "ON", "POLICY": "ON", "RULE": "TO"}


def drop_first(
    frame: Frame, action: Action, dialect: Dialect, catalog: Catalog, before: int | None
) -> Edit | None:
    """The line that drops what the statement is about to make, with the names as the statement spells them.

    None where they cannot be made out. `before` is where such a line can be put, None for right before the statement.
    """
    kind = action.kind.removeprefix("create-")
    if kind not in catalog.dropped_first | catalog.dropped_by_table:
        return None
    if not frame.lexed.tokens or frame.lexed.tokens[0][3] != "CREATE":
        return None  # it stands in its author's block
    words = kind.upper().split("-")
    name = _spelled(frame, dialect, words)
    if name is None or (not frame.terminated and not frame.last):
        return None
    drop = f"DROP {' '.join(words)} IF EXISTS "
    line = frame.case(drop) + name
    if kind in catalog.dropped_by_table:
        table = _spelled(frame, dialect, [_BEFORE_TABLE[words[-1]]], after=words)
        if table is None:
            return None
        line += frame.case(" ON ") + table
    return frame.before([line + frame.terminator], before)


def _spelled(frame: Frame, dialect: Dialect, words: list[str], after: list[str] | None = None) -> str | None:
    """The name after these words, as the statement writes it; the words are looked for after other ones."""
    cursor = Cursor(frame.text, frame.lexed.tokens, dialect)
    try:
        for sought in (after, words):
            while sought and not cursor.accept(*sought):
                if cursor.done:
                    return None
                cursor.i += 1
            if sought is after and sought:
                cursor.name()
        cursor.accept("IF", "NOT", "EXISTS")
        first = cursor.i
        cursor.name()
    except Unread:
        return None
    span = cursor.span(first)
    return frame.text[span.start : span.end]
