"""Prisma's _prisma_migrations: a row for each attempt, with the SHA-256 of its file, the error and the steps counted.

Read in Prisma's schema engine (sql_migration_persistence, apply_migrations, mark_migration_applied) and seen in its
tables. A row without finished_at and rolled_back_at is a migration that failed, or still runs; while there is one,
`migrate deploy` refuses to go on. `migrate resolve --applied` sets its rolled_back_at and adds a finished row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from partway.core.postcondition import Name
from partway.dialects.questions import quoted
from partway.tools.history import Entry, File, History, Item, Late, Lock, Marking, Order, Record, Rows, Target
from partway.tools.place import place
from partway.tools.tracking import entry_of, find, insert, literal, refused, said, select, update

LATE = Late.RUNS
_LOCKS: Mapping[str, int | str] = {
    "postgresql": 72707369,
    "mysql": "prisma_migrate",
    "mariadb": "prisma_migrate",
}
_COLUMNS = (
    "migration_name", "started_at", "finished_at", "rolled_back_at", "checksum", "logs", "applied_steps_count", "id",
)  # fmt: skip
_SCHEMA = re.compile(r"[?&]schema=([^&\s\"']+)")


def key(identity: str) -> str:
    """The folder's name as it stands."""
    return identity


def table(target: Target) -> Name:
    """`_prisma_migrations`, always called so, in the schema that the connection URL names."""
    return Name("_prisma_migrations", target.settings.get("prisma.schema") or None)


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """All its rows, in the order in which they began."""
    return select(target, table, _COLUMNS, columns, ("started_at",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """The last row of each migration that was not rolled back; one that was not finished has failed, or still runs."""
    found: dict[str, Entry] = {}
    for row in rows:
        name, began, finished, back, checksum, logs, steps, id_ = (*row, *(None,) * len(_COLUMNS))[:8]
        if back is not None or name is None:
            continue
        record = Record.RECORDED if finished is not None else Record.FAILED
        entry = Entry(
            said(name),
            record,
            _moment(finished if finished is not None else began),
            checksum=said(checksum),
            log=said(logs),
            steps=int(steps) if isinstance(steps, int) else None,
            id=said(id_),
        )
        # An attempt that failed stays in the way, whatever came after it.
        if said(name) not in found or found[said(name)].record is Record.RECORDED:
            found.pop(said(name), None)
            found[said(name)] = entry
    return tuple(found.values())


def _moment(value: object) -> str:
    """A moment as people write it: on SQLite Prisma counts milliseconds."""
    text = said(value)
    if not text.isdecimal():
        return text
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC).isoformat(sep=" ", timespec="milliseconds")
    except (OverflowError, OSError, ValueError):
        return text


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """By the names of their folders."""
    found = [
        Item(folder_name(file.path), file.path) for file in files if place(file.path).name == "migration.sql"
    ]
    return Order(tuple(sorted(found)))


def folder_name(path: str) -> str:
    """The folder of a migration as it is written, which is its name."""
    return path.replace("\\", "/").rpartition("/")[0].rpartition("/")[2]


def checksum(text: str) -> str:
    """The SHA-256 of the file's bytes."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def edited(entry: Entry, file: File) -> bool | None:
    """Whether the file is otherwise than when it ran. Prisma takes one with other line ends for the same."""
    if not entry.checksum:
        return None
    plain = file.text.replace("\r\n", "\n")
    texts = (file.text, plain, plain.replace("\n", "\r\n"))
    sums = {checksum(mark + text) for text in texts for mark in ("", "\ufeff")}
    return entry.checksum not in sums


def lock(target: Target, table: Name) -> Lock | None:  # noqa: ARG001 # one for all tables
    """One advisory lock for all of a server's databases; on SQLite the file itself."""
    key_ = _LOCKS.get(target.dialect)
    return Lock((key_,), f"Prisma's lock {key_}") if key_ is not None else None


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """`migrate resolve --applied`, or what it does: the failed row is rolled back, a finished one is added."""
    item = find(order, file)
    if item is None:
        return Marking(refusal="Prisma runs files called migration.sql alone")
    entry = entry_of(history, item.identity, key)
    refusal = refused(history, entry, item.identity)
    if refusal is not None:
        return refusal
    now, uuid = _NOW[target.dialect], _UUID[target.dialect]
    sql = []
    if entry is not None:
        back, done, name = (
            quoted(target.dialect, Name(column))
            for column in ("rolled_back_at", "finished_at", "migration_name")
        )
        where = f"{name} = {literal(target, item.identity)} AND {done} IS NULL AND {back} IS NULL"
        sql.append(update(target, history.table, {"rolled_back_at": now}, where))
    values = {
        "id": uuid,
        "checksum": literal(target, checksum(file.text)),
        "started_at": now,
        "finished_at": now,
        "migration_name": literal(target, item.identity),
        "applied_steps_count": "0",
    }
    sql.append(insert(target, history.table, values))
    return Marking(tuple(sql), ("npx", "prisma", "migrate", "resolve", "--applied", item.identity))


_NOW = {
    "postgresql": "now()",
    "mysql": "CURRENT_TIMESTAMP(3)",
    "mariadb": "CURRENT_TIMESTAMP(3)",
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
}
_UUID = {
    "postgresql": "gen_random_uuid()::text",
    "mysql": "UUID()",
    "mariadb": "UUID()",
    "sqlite": "lower(hex(randomblob(16)))",
}
