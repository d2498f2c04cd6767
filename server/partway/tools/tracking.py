"""What the tools' histories have in common: values of rows as text, tables by their settings, orders by number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from partway.core.postcondition import Name
from partway.dialects.catalog import catalog
from partway.dialects.questions import quoted
from partway.tools.history import Entry, File, History, Item, Marking, Order, Record, Rows, Target


def said(value: object) -> str:
    """A value of a row as text: empty for NULL, bytes in hexadecimal digits."""
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)


def truth(value: object) -> bool | None:
    """Whether a boolean column says yes, whatever the driver makes of it; None for NULL."""
    if value is None:
        return None
    if isinstance(value, bytes | bytearray):
        return any(value) and bytes(value) != b"0"
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "f", "false", "no", "n")
    return bool(value)


def named(settings: Mapping[str, str], key: str, usual: str) -> Name:
    """The table that a setting names, `schema.table` or `table`, with or without quotes; the usual one without it."""
    written = settings.get(key, "").strip() or usual
    schema, _, table = written.rpartition(".")
    strip = "\"`'[] "
    return Name(table.strip(strip) or usual, schema.strip(strip) or None)


def literal(target: Target, value: str) -> str:
    """A string constant."""
    return catalog(target.dialect).literal(value)


def select(
    target: Target, table: Name, wanted: Sequence[str], columns: Sequence[str], order: Sequence[str] = ()
) -> str:
    """The query for these columns of a table; NULL stands for one that it does not have."""
    there = {column.lower(): column for column in columns}

    def of(column: str) -> str:
        return quoted(target.dialect, Name(there[column])) if column in there else "NULL"

    by = ", ".join(of(column) for column in order if column in there)
    chosen = ", ".join(of(column) for column in wanted)
    ordered = f" ORDER BY {by}" if by else ""
    return f"SELECT {chosen} FROM {quoted(target.dialect, table)}{ordered}"  # noqa: S608 # all names are quoted


def insert(target: Target, table: Name, values: Mapping[str, str]) -> str:
    """The statement that adds a row; the values are SQL expressions."""
    columns = ", ".join(quoted(target.dialect, Name(column)) for column in values)
    expressions = ", ".join(values.values())
    name = quoted(target.dialect, table)
    return f"INSERT INTO {name} ({columns}) VALUES ({expressions})"  # noqa: S608 # names are quoted


def update(target: Target, table: Name, values: Mapping[str, str], where: str) -> str:
    """The statement that changes rows; the values and the condition are SQL."""
    changes = ", ".join(f"{quoted(target.dialect, Name(column))} = {sql}" for column, sql in values.items())
    name = quoted(target.dialect, table)
    return f"UPDATE {name} SET {changes} WHERE {where}"  # noqa: S608 # names are quoted


def delete(target: Target, table: Name, where: str = "") -> str:
    """The statement that removes rows, all of them without a condition."""
    name = quoted(target.dialect, table)
    return f"DELETE FROM {name}{f' WHERE {where}' if where else ''}"  # noqa: S608 # names are quoted


def number(identity: str) -> str:
    """The key of an identity that is a number: leading zeros say nothing. Other text as it stands."""
    return (
        str(int(identity)) if identity.isascii() and identity.isdigit() and len(identity) < 30 else identity
    )


def by_number(files: Iterable[File], identity: Callable[[str], str | None], title: str) -> Order:
    """The order of migrations whose identity is a number in the file's name, as `identity` finds it in a path."""
    items: list[tuple[int, str, Item]] = []
    for file in files:
        found = identity(file.path)
        if found is not None and found.isascii() and found.isdigit():
            items.append((int(found), file.path, Item(number(found), file.path)))
    items.sort(key=lambda each: each[:2])
    return Order(tuple(item for *_, item in items), troubles=twice((item for *_, item in items), title))


def twice(items: Iterable[Item], title: str) -> tuple[str, ...]:
    """The identities that two files have, in words."""
    seen: dict[str, str] = {}
    troubles = []
    for item in items:
        if item.identity in seen:
            troubles.append(f"{title} refuses two migrations with version {item.identity}: {item.path}")
        seen.setdefault(item.identity, item.path)
    return tuple(troubles)


def find(order: Order, file: File) -> Item | None:
    """The migration of this file in its project's order."""
    return next((item for item in order.items if item.path == file.path), None)


def entry_of(history: History, identity: str, key: Callable[[str], str] = number) -> Entry | None:
    """The row about a migration that counts, which is the last."""
    wanted = key(identity)
    return next((entry for entry in reversed(history.entries) if key(entry.identity) == wanted), None)


def refused(history: History, entry: Entry | None, identity: str) -> Marking | None:
    """Why a row cannot or need not be written; None where it can."""
    if not history.present:
        return Marking(refusal=f"there is no table {history.table}: the tool has never run on this database")
    if entry is not None and entry.record is Record.RECORDED:
        return Marking(refusal=f"{identity} is recorded as applied already")
    return None


def versions(rows: Rows) -> tuple[Entry, ...]:
    """The rows of a table that holds nothing but versions: whatever is there has run."""
    return tuple(Entry(said(row[0]), Record.RECORDED) for row in rows if row and row[0] is not None)


_LINE_END = re.compile(r"\r\n|\r|\n")


def lines(text: str) -> list[str]:
    """A text's lines as Java and Go readers see them, without their ends: cut at LF, CR and CRLF alone."""
    found = _LINE_END.split(text)
    return found if found[-1] else found[:-1]


#: So many identities are named; of more their number is told.
_NAMED = 3


def in_words(identities: Iterable[str]) -> str:
    """Identities in a sentence: the first few, and how many more."""
    found = list(identities)
    if len(found) <= _NAMED:
        return ", ".join(found)
    return f"{', '.join(found[:_NAMED])} and {len(found) - _NAMED} more"
