"""goose's goose_db_version: a row for each version that was applied; its row 0 says that the table was made.

Read in goose 3.29 (internal/dialects, provider, lock) and seen in its tables. Old versions of goose wrote a row with
is_applied = false on the way down, so the last row of a version counts. Its command line takes no lock: the locks of
its library (advisory lock 4097083626, or the table goose_lock) have to be asked for by the program that uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from partway.core.postcondition import Name
from partway.dialects.questions import questions
from partway.tools.history import Entry, File, History, Late, Lock, Marking, Order, Record, Rows, Target
from partway.tools.place import file_name
from partway.tools.tracking import (
    by_number,
    entry_of,
    find,
    insert,
    named,
    number,
    refused,
    said,
    select,
    truth,
)

#: Unless it is given `-allow-missing`.
LATE = Late.REFUSED
#: goose's lock.DefaultLockID.
LOCK = 4097083626
_NAME = re.compile(r"(\d+)_.*\.(?:sql|go)", re.DOTALL)
key = number


def table(target: Target) -> Name:
    """`goose_db_version`, unless `-table` or GOOSE_TABLE says otherwise."""
    return named(target.settings, "goose.table", "goose_db_version")


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """All its rows, in the order in which they were written."""
    return select(target, table, ("version_id", "is_applied", "tstamp", "id"), columns, ("id",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """The last row of each version, where that says applied."""
    last: dict[str, tuple[object, ...]] = {}
    for row in rows:
        version, applied, at, id_ = (*row, None, None, None, None)[:4]
        last.pop(said(version), None)
        last[said(version)] = (applied, at, id_)
    return tuple(
        Entry(version, Record.RECORDED, said(at), id=said(id_))
        for version, (applied, at, id_) in last.items()
        if version not in ("", "0") and truth(applied)
    )


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """By number; goose's migrations in Go stand among those in SQL, its tests do not."""

    def identity(path: str) -> str | None:
        name = file_name(path)
        match = _NAME.fullmatch(name)
        return match[1] if match is not None and int(match[1]) and not name.endswith("_test.go") else None

    return by_number(files, identity, "goose")


def lock(target: Target, table: Name) -> Lock | None:  # noqa: ARG001 # one for all tables
    """The lock of its library on PostgreSQL, for programs that ask for it."""
    asked = questions(target.dialect)
    if asked.holders is None or asked.locks_by_name:
        return None
    return Lock((LOCK,), f"goose's advisory lock {LOCK}", certain=False)


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """The row that goose would write; its command line has no way of its own."""
    item = find(order, file)
    if item is None:
        return Marking(refusal=f"goose does not run {file_name(file.path)}")
    refusal = refused(history, entry_of(history, item.identity), item.identity)
    if refusal is not None:
        return refusal
    return Marking(
        (insert(target, history.table, {"version_id": item.identity, "is_applied": _TRUE[target.dialect]}),)
    )


_TRUE = {"postgresql": "TRUE", "mysql": "TRUE", "mariadb": "TRUE", "sqlite": "1"}
