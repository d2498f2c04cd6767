"""dbmate's schema_migrations: a row for each version, which is the digits that a file's name begins with.

Read in dbmate 2 (pkg/dbmate/db.go, migration.go) and seen in its tables. The version is text, so "07" is not "7". It
takes no lock, and runs whatever is not there, also below what is (unless it is given `--strict`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from partway.core.postcondition import Name
from partway.tools.history import Entry, File, History, Item, Late, Lock, Marking, Order, Rows, Target
from partway.tools.place import file_name
from partway.tools.tracking import (
    entry_of,
    find,
    insert,
    literal,
    named,
    refused,
    select,
    twice,
    versions,
)

LATE = Late.RUNS
_NAME = re.compile(r"(\d+).*\.sql", re.DOTALL)


def key(identity: str) -> str:
    """Its text as it stands."""
    return identity


def table(target: Target) -> Name:
    """`schema_migrations`, unless `--migrations-table` or DBMATE_MIGRATIONS_TABLE says otherwise."""
    return named(target.settings, "dbmate.migrations-table", "schema_migrations")


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """Its versions."""
    return select(target, table, ("version",), columns, ("version",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """Whatever is there has run."""
    return versions(rows)


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """By file name, as text: dbmate does not compare the numbers."""
    items = []
    for file in sorted(files, key=lambda each: file_name(each.path)):
        match = _NAME.fullmatch(file_name(file.path))
        if match is not None:
            items.append(Item(match[1], file.path))
    return Order(tuple(items), troubles=twice(items, "dbmate"))


def lock(target: Target, table: Name) -> Lock | None:  # noqa: ARG001 # as every tool's
    """Dbmate takes none."""
    return None


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """The row that dbmate would write; its command line has no way of its own."""
    item = find(order, file)
    if item is None:
        return Marking(refusal=f"dbmate does not run {file_name(file.path)}")
    refusal = refused(history, entry_of(history, item.identity, key), item.identity)
    if refusal is not None:
        return refusal
    return Marking((insert(target, history.table, {"version": literal(target, item.identity)}),))
