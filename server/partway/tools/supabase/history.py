"""Supabase's supabase_migrations.schema_migrations: a row for each version, with the file's statements.

Read in the Supabase command line (pkg/migration/history.go, apply.go, internal/migration/repair). The row is written in
the same pipeline as the file's statements, so nothing is left of a failed one. It takes no lock, and refuses a pending
migration below one that has run, unless it is given `--include-all`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from partway.core.postcondition import Name
from partway.tools.history import Entry, File, History, Item, Late, Lock, Marking, Order, Rows, Target
from partway.tools.place import file_name
from partway.tools.supabase.tool import NAME
from partway.tools.tracking import (
    entry_of,
    find,
    insert,
    literal,
    refused,
    select,
    twice,
    versions,
)

LATE = Late.REFUSED


def key(identity: str) -> str:
    """Its text as it stands."""
    return identity


def table(target: Target) -> Name:  # noqa: ARG001 # nothing changes it
    """Always the same."""
    return Name("schema_migrations", "supabase_migrations")


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """Its versions."""
    return select(target, table, ("version",), columns, ("version",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """Whatever is there has run."""
    return versions(rows)


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """By file name."""
    items = []
    for file in sorted(files, key=lambda each: file_name(each.path)):
        match = NAME.fullmatch(file_name(file.path))
        if match is not None:
            items.append(Item(match[1], file.path))
    return Order(tuple(items), troubles=twice(items, "Supabase"))


def lock(target: Target, table: Name) -> Lock | None:  # noqa: ARG001 # as every tool's
    """Its command line takes none."""
    return None


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """`migration repair --status applied`, or its row: there the file counts as one statement, which changes nothing
    but how `migration fetch` would write it out again."""
    item = find(order, file)
    match = NAME.fullmatch(file_name(file.path))
    if item is None or match is None:
        return Marking(refusal=f"Supabase does not run {file_name(file.path)}")
    refusal = refused(history, entry_of(history, item.identity, key), item.identity)
    if refusal is not None:
        return refusal
    values = {
        "version": literal(target, item.identity),
        "name": literal(target, match[2]),
        "statements": f"ARRAY[{literal(target, file.text)}]",
    }
    command = ("supabase", "migration", "repair", "--status", "applied", item.identity)
    return Marking((insert(target, history.table, values),), command)
