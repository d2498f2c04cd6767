"""Names that an engine gives to what has none: PostgreSQL's rules in full, the first of MySQL's.

PostgreSQL: makeObjectName, ChooseIndexName and ChooseIndexColumnNames (src/backend/commands/indexcmds.c),
ChooseForeignKeyConstraintNameAddition, ChooseConstraintName, FigureColname. MySQL: make_unique_key_name (sql_table.cc).
tests/guards compares every name with the one that the real engine chose.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from partway.core.operation import Action
from partway.dialects.catalog import Block, Catalog
from partway.dialects.dialect import Dialect
from partway.sql.cursor import Cursor
from partway.sql.guards.frame import Frame
from partway.sql.lexer import NUMBER, PUNCT, QUOTED, STRING, WORD

_LIMIT = 63  # NAMEDATALEN - 1, in bytes

#: Words in a CHECK that are neither columns nor functions. A word that is not here and not followed by `(` is a column.
_WORDS = (
    "AND OR NOT IN IS NULL BETWEEN LIKE ILIKE SIMILAR TO ANY ALL SOME ARRAY CASE WHEN THEN ELSE END TRUE FALSE UNKNOWN"
    " DISTINCT FROM ESCAPE ISNULL NOTNULL SYMMETRIC CURRENT_DATE CURRENT_TIMESTAMP CURRENT_TIME CURRENT_USER"
)
_NOT_COLUMNS = frozenset(_WORDS.split())
#: Words after which a CHECK cannot be read from its tokens alone: types and units stand where columns do.
_UNSURE = "CAST COLLATE INTERVAL EXTRACT DATE TIME TIMESTAMP OVERLAPS AT SELECT ROW AS OPERATOR"
_GIVE_UP = frozenset(_UNSURE.split())


#: Functions of SQL's own syntax: what PostgreSQL calls them inside changes with its version, and a CAST has no name.
_SPECIAL = frozenset(
    {"CAST", "TREAT", "EXTRACT", "OVERLAY", "POSITION", "SUBSTRING", "TRIM", "NORMALIZE", "COLLATION"}
)


class Naming(NamedTuple):
    """A name, and the offset in the text at which `words` make the statement give it."""

    name: str
    at: int
    words: str


def naming(
    frame: Frame, action: Action, dialect: Dialect, catalog: Catalog, taken: Collection[str]
) -> Naming | None:
    """The name that the engine would choose, knowing which names are taken; None where that cannot be known."""
    tokens = frame.lexed.tokens
    first = next((i for i, token in enumerate(tokens) if token[1] >= action.span.start), len(tokens))
    count = next((i for i, token in enumerate(tokens) if token[1] >= action.span.end), len(tokens))
    cursor = Cursor(frame.text, tokens, dialect, first, count)
    table = next((p.table for p in action.postconditions if p.table is not None), None)
    if table is None:
        return None
    if catalog.block is Block.PREPARED:
        return _mysql(cursor, catalog, taken)
    if catalog.block is not Block.DO:
        return None
    if cursor.word() == "CREATE":
        return _postgresql_index(cursor, table.name, catalog, taken)
    return _postgresql_constraint(cursor, table.name, frame, catalog, taken)


def _postgresql_index(cursor: Cursor, table: str, catalog: Catalog, taken: Collection[str]) -> Naming | None:
    on = cursor.find("ON")
    if on < 0:
        return None
    cursor.i = on
    at = cursor.start
    while not cursor.done and cursor.word() != "(":
        cursor.i += 1
    columns = _index_columns(cursor)
    if columns is None:
        return None
    name = free_name(table, "_".join(columns), "idx", taken)
    return Naming(name, at, catalog.identifier(name))


def _postgresql_constraint(
    cursor: Cursor, table: str, frame: Frame, catalog: Catalog, taken: Collection[str]
) -> Naming | None:
    if not cursor.accept("ADD") or cursor.word() == "CONSTRAINT":
        return None
    at = cursor.start
    between, label = "", ""
    if cursor.accept("PRIMARY", "KEY"):
        label = "pkey"
    elif cursor.accept("UNIQUE"):
        cursor.accept("NULLS", "NOT", "DISTINCT")
        columns = _index_columns(cursor)
        between, label = "_".join(columns or ()), "key" if columns else ""
    elif cursor.accept("FOREIGN", "KEY"):
        names = cursor.names_in_parentheses()
        between, label = "_".join(names or ()), "fkey" if names else ""
    elif cursor.accept("CHECK"):
        read = checked_columns(cursor)
        between, label = (read[0] if read and len(read) == 1 else ""), "check" if read is not None else ""
    if not label:
        return None
    name = free_name(table, between, label, taken)
    return Naming(name, at, f"{frame.case('CONSTRAINT')} {catalog.identifier(name)}")


def free_name(table: str, between: str, label: str, taken: Collection[str]) -> str:
    """`table_between_label`, shortened as PostgreSQL does, with a number after the label while the name is taken."""
    name, number = object_name(table, between, label), 0
    while name in taken:
        number += 1
        name = object_name(table, between, f"{label}{number}")
    return name


def object_name(first: str, second: str, label: str) -> str:
    """makeObjectName: the longer of the two names loses bytes until all fit into 63."""
    one, two = first.encode(), second.encode()
    room = _LIMIT - len(label.encode()) - 1 - (1 if second else 0)
    size_one, size_two = len(one), len(two)
    while size_one + size_two > room:
        if size_one > size_two:
            size_one -= 1
        else:
            size_two -= 1
    parts = [_clip(one, size_one), _clip(two, size_two) if second else "", label]
    return "_".join(part for part in parts if part)


def _clip(name: bytes, size: int) -> str:
    return name[:size].decode(errors="ignore")


def _index_columns(cursor: Cursor) -> list[str] | None:
    """What ChooseIndexColumnNames makes of `(a, lower(b)) INCLUDE (c)`: those included count too."""
    names = _column_names(cursor)
    if names is not None and cursor.accept("INCLUDE"):
        included = _column_names(cursor)
        names = names + included if included is not None else None
    if names is None:
        return None
    distinct: list[str] = []
    for name in names:
        candidate, number = name, 0
        while candidate in distinct:
            number += 1
            candidate = _clip(name.encode(), _LIMIT - len(str(number))) + str(number)
        distinct.append(candidate)
    return distinct


def _column_names(cursor: Cursor) -> list[str] | None:
    if cursor.word() != "(":
        return None
    close = cursor.closing(cursor.i)
    cursor.i += 1
    names = []
    for first, last in cursor.pieces(close):
        name = _figured(cursor.part(first, last))
        if name is None:
            return None
        names.append(name)
    cursor.i = min(close + 1, cursor.count)
    return names


def _figured(item: Cursor) -> str | None:
    """FigureColname for an index item: a column's name, a function's name, "expr" for an operator; None if unsure."""
    if item.word() == "(":
        close = item.closing(item.i)
        inner = item.part(item.i + 1, close)
        pieces = inner.pieces(close)
        return _figured_expression(inner) if len(pieces) == 1 else None
    special = item.word() in _SPECIAL
    name = item.maybe_identifier()
    if name is None or (special and item.word() == "("):
        return None
    if item.word() == "(":
        return name  # a function: nothing but an operator class can follow
    return name if item.word() != "." else None


def _figured_expression(item: Cursor) -> str | None:
    first = item.i
    name = item.maybe_identifier()
    if name is None or item.tokens[first][3] in _NOT_COLUMNS | _GIVE_UP | _SPECIAL:
        return None
    if item.word() == "(":
        item.skip_parentheses()
    if item.done:
        return name
    if item.kind() == PUNCT and item.word() in ("->>", "->", "#>>", "||", "+", "-", "*", "/", "%"):
        rest = item.tokens[item.i : item.count]
        return "expr" if all(word not in ("::", "(") for _, _, _, word in rest) else None
    return None


def checked_columns(cursor: Cursor) -> list[str] | None:
    """The columns that a CHECK's expression reads, each once; None if its tokens do not tell columns from the rest."""
    if cursor.word() != "(":
        return None
    close = cursor.closing(cursor.i)
    columns: list[str] = []
    i = cursor.i + 1
    while i < close:
        kind, _, _, word = cursor.tokens[i]
        after = cursor.tokens[i + 1][3] if i + 1 < close else ""
        if word in _GIVE_UP or word == "." or (word == "::" and not _one_word_type(cursor, i + 1, close)):
            return None
        if word == "::":
            i += 2
            continue
        if kind in (WORD, QUOTED) and after != "(" and not (kind == WORD and word in _NOT_COLUMNS):
            name = cursor.part(i, close).maybe_identifier()
            if name is None:
                return None
            if name not in columns:
                columns.append(name)
        elif kind not in (WORD, QUOTED, STRING, NUMBER, PUNCT):
            return None
        i += 1
    return columns


def _one_word_type(cursor: Cursor, i: int, close: int) -> bool:
    following = cursor.tokens[i + 1] if i + 1 < close else None
    return (
        following is None or following[0] == PUNCT or (following[0] == WORD and following[3] in _NOT_COLUMNS)
    )


def _mysql(cursor: Cursor, catalog: Catalog, taken: Sequence[str] | Collection[str]) -> Naming | None:
    """An index without a name is called after its first column, `_2`, `_3` added while that is taken; what foreign
    keys and checks are called depends on how many the table has had, which the text does not say."""
    if not cursor.accept("ADD") or cursor.word() == "CONSTRAINT":
        return None
    unique = cursor.accept_any("UNIQUE", "FULLTEXT", "SPATIAL")
    key = cursor.accept_any("INDEX", "KEY")
    at = cursor.start
    if not (unique or key) or cursor.word() != "(":
        return None
    column = cursor.part(cursor.i + 1, cursor.closing(cursor.i)).maybe_identifier()
    if column is None or column.upper() == "PRIMARY":
        return None
    name = free_column_name(column, taken)
    return Naming(name, at, catalog.identifier(name))


def free_column_name(column: str, taken: Collection[str]) -> str:
    """The column's name, with `_2`, `_3` after it while that is taken; case does not count. "" for no column."""
    held = {name.lower() for name in taken}
    name, number = column, 1
    while name and name.lower() in held:
        number += 1
        name = f"{column}_{number}"
    return name
