"""golang-migrate's schema_migrations: one row with the version that was reached, and whether it is dirty.

Read in golang-migrate 4.20 (migrate.go, database/postgres, mysql, sqlite, database/util.go) and seen in its tables:
the row is written, dirty, before a file is run and cleared after it, so a dirty version is one that began and did not
end. `force` writes the row and looks at nothing else. Versions below the one reached are never run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from partway.core.postcondition import Name
from partway.dialects.questions import questions
from partway.tools.golang_migrate.tool import NAME
from partway.tools.history import Entry, File, History, Late, Lock, Marking, Order, Record, Rows, Target
from partway.tools.place import file_name
from partway.tools.tracking import (
    by_number,
    delete,
    find,
    insert,
    named,
    number,
    refused,
    said,
    select,
    truth,
)

LATE = Late.SKIPPED
_SALT = 1486364155
key = number


def table(target: Target) -> Name:
    """`schema_migrations` in the connection's own schema, unless `x-migrations-table` says otherwise."""
    return named(target.settings, "golang-migrate.x-migrations-table", "schema_migrations")


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """Its one row."""
    return select(target, table, ("version", "dirty"), columns)


def read(rows: Rows) -> tuple[Entry, ...]:
    """The version reached; a negative one, which a failed way down leaves, is none."""
    return tuple(
        Entry(said(version), Record.DIRTY if truth(dirty) else Record.RECORDED)
        for version, dirty in ((*row, None, None)[:2] for row in rows)
        if version is not None and not said(version).startswith("-")
    )


def reached(history: History, order: Order) -> frozenset[str]:
    """Every version up to the one reached has run, but for that one where it is dirty."""
    found: set[str] = set()
    for entry in history.entries:
        found.update(order.before(number(entry.identity)))
        if not found and entry.identity.isdigit():  # a version whose file is gone
            found = {item.identity for item in order.items if int(item.identity) < int(entry.identity)}
        if entry.record is Record.RECORDED:
            found.add(number(entry.identity))
    return frozenset(found)


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """The files of the way up by their numbers."""

    def identity(path: str) -> str | None:
        match = NAME.fullmatch(file_name(path))
        return match[1] if match is not None and match[3].lower() == "up" else None

    return by_number(files, identity, "golang-migrate")


def lock(target: Target, table: Name) -> Lock | None:
    """An advisory lock from the names of schema, table and database. On SQLite it is inside the process alone.

    On PostgreSQL the database's name is the path of the URL, slash and all; a program that hands over a connection of
    its own has the name without it.
    """
    asked = questions(target.dialect)
    if asked.holders is None or not target.database:
        return None
    keys: tuple[int | str, ...]
    if asked.locks_by_name:
        keys = (str(_key(f"{target.database}:{table.name}")),)
    else:
        before = f"{table.schema or target.schema}\0{table.name}\0"
        keys = tuple(_key(before + name) for name in (f"/{target.database}", target.database))
    return Lock(keys, f"golang-migrate's advisory lock {keys[0]}")


def _key(text: str) -> int:
    return crc32(text.encode()) * _SALT & 0xFFFFFFFF


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """`force`, or what it does: the row with this version, not dirty."""
    item = find(order, file)
    if item is None:
        return Marking(refusal=f"golang-migrate does not run {file_name(file.path)}")
    now = history.entries[-1] if history.entries else None
    if now is not None and number(now.identity) in order.after(item.identity):
        return Marking(
            refusal=f"version {now.identity} is recorded; with {item.identity} recorded, those after it would run again"
        )
    same = now if now is not None and number(now.identity) == item.identity else None
    refusal = refused(history, same, item.identity)
    if refusal is not None:
        return refusal
    skipped = _passed_over(history, order, item.identity)
    if skipped:
        return Marking(refusal=f"{', '.join(skipped)} has not run, and would never be run then")
    row = insert(target, history.table, {"version": item.identity, "dirty": "FALSE"})
    folder = file.path.replace("\\", "/").rpartition("/")[0] or "."
    return Marking(
        (delete(target, history.table), row),
        ("migrate", "-path", folder, "-database", "$DATABASE_URL", "force", item.identity),
    )


def _passed_over(history: History, order: Order, identity: str) -> tuple[str, ...]:
    done = reached(history, order)
    return tuple(each for each in order.before(identity) if each not in done)
