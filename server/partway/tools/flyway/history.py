"""Flyway's flyway_schema_history: a row for each run of a script, failed ones among them, with a checksum of its lines.

Read in Flyway 10 to 12 (JdbcTableSchemaHistory, DbRepair, ChecksumCalculator, MigrationVersion, the lock templates of
PostgreSQL and MySQL) and seen in its tables. A failed row is only left where no transaction takes it back; while it is
there Flyway refuses to go on. `repair` removes failed rows and puts the checksums of the files into the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from partway.core.postcondition import Name
from partway.dialects.questions import questions, quoted
from partway.tools.flyway.tool import Name as Script
from partway.tools.flyway.tool import parse
from partway.tools.history import Entry, File, History, Item, Late, Lock, Marking, Order, Record, Rows, Target
from partway.tools.place import file_name
from partway.tools.tracking import (
    entry_of,
    find,
    insert,
    lines,
    literal,
    refused,
    said,
    select,
    truth,
    twice,
    update,
)

#: Unless it is told `outOfOrder`.
LATE = Late.REFUSED
_COLUMNS = (
    "version", "description", "type", "script", "checksum", "installed_by", "installed_on", "success", "installed_rank",
)  # fmt: skip
#: "Flyway" in the numbers of its letters.
_MAGIC = int.from_bytes(b"Flyway", "big")
_PLACEHOLDER = re.compile(r"\$\{")
_UNDO = ("UNDO_SQL", "UNDO_SCRIPT", "UNDO_JDBC")


def key(identity: str) -> str:
    """Versions without zeros that say nothing: 1.0 is 1, 007 is 7. A description stands for itself."""
    parts = identity.replace("_", ".").split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return identity
    while len(parts) > 1 and not int(parts[-1]):
        parts.pop()
    return ".".join(str(int(part)) for part in parts)


def table(target: Target) -> Name:
    """`flyway_schema_history` in the default schema, which is the first of `schemas` or the connection's own."""
    settings = target.settings
    schema = settings.get("flyway.defaultSchema") or settings.get("flyway.schemas", "").partition(",")[0]
    return Name(settings.get("flyway.table") or "flyway_schema_history", schema.strip("\"'[] ") or None)


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """All its rows, in the order in which they were written."""
    return select(target, table, _COLUMNS, columns, ("installed_rank",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """The last row of each version, or for what has none of each description; an undone version is none. A baseline
    counts as its version."""
    last: dict[str, Entry | None] = {}
    for row in rows:
        version, description, kind, _, checksum, by, at, success, rank = (*row, *(None,) * len(_COLUMNS))[:9]
        identity = said(version) or said(description)
        if said(kind) in ("SCHEMA", "DELETE") or not identity:
            last.pop(key(identity), None)
            continue
        last.pop(key(identity), None)
        if said(kind) not in _UNDO:
            record = Record.RECORDED if truth(success) else Record.FAILED
            entry = Entry(identity, record, said(at), said(by), said(checksum), id=said(rank))
            last[key(identity)] = entry._replace(log=said(kind)) if said(kind) == "BASELINE" else entry
    return tuple(entry for entry in last.values() if entry is not None)


def reached(history: History, order: Order) -> frozenset[str]:
    """What has a row, and every version that a baseline stands for."""
    found = {key(entry.identity) for entry in history.entries if entry.record is Record.RECORDED}
    for entry in history.entries:
        if entry.log == "BASELINE":
            limit = _numbers(key(entry.identity))
            found.update(item.identity for item in order.items if () < _numbers(item.identity) <= limit)
    return frozenset(found)


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:
    """Versions by their numbers, then what is repeatable by its description. Undo files and callbacks are left out."""
    items: list[tuple[tuple[int, tuple[int, ...], str], Item]] = []
    for file in files:
        script = parse(file_name(file.path), dict(settings))
        if script is None or script.kind not in ("versioned", "repeatable"):
            continue
        if script.kind == "versioned":
            found = (0, _numbers(key(script.identity)), file.path)
            items.append((found, Item(key(script.identity), file.path)))
        else:
            items.append(((1, (), _description(script, file)), Item(_description(script, file), file.path)))
    items.sort(key=lambda each: each[0])
    return Order(tuple(item for _, item in items), troubles=twice((item for _, item in items), "Flyway"))


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isascii() and part.isdigit() for part in parts) else ()


def _description(script: Script, file: File, settings: Mapping[str, str] | None = None) -> str:
    """What Flyway writes into the description of a script's row."""
    if script.kind == "repeatable":
        return script.identity.replace("_", " ")
    separator = (settings or {}).get("flyway.sqlMigrationSeparator") or "__"
    stem = file_name(file.path).rpartition(".")[0]
    return stem.partition(separator)[2].replace("_", " ")


def checksum(text: str) -> int:
    """The CRC-32 of the lines without their ends, as a signed number; a byte order mark does not count."""
    total = 0
    for line in lines(text.removeprefix("\ufeff")):
        total = crc32(line.encode("utf-8", "surrogatepass"), total)
    return total - (1 << 32) if total >= 1 << 31 else total


def edited(entry: Entry, file: File) -> bool | None:
    """Whether the lines are others than those that ran. What is repeatable is summed up with its placeholders filled
    in, so that one with any cannot be told."""
    if not entry.checksum:
        return None
    script = parse(file_name(file.path), {})
    if (script is None or script.kind == "repeatable") and _PLACEHOLDER.search(file.text):
        return None
    return entry.checksum != str(checksum(file.text))


def lock(target: Target, table: Name) -> Lock | None:
    """An advisory lock from the table's quoted name. On SQLite, and on a MySQL cluster, there is none."""
    schema, asked = table.schema or target.schema, questions(target.dialect)
    if asked.holders is None or not schema:
        return None
    discriminator = _java_hash(quoted(target.dialect, Name(table.name, schema)))
    key_: int | str = f"Flyway-{discriminator}" if asked.locks_by_name else _MAGIC + discriminator
    return Lock((key_,), f"Flyway's lock {key_}")


def _java_hash(text: str) -> int:
    """Java's String.hashCode."""
    units = text.encode("utf-16-be", "surrogatepass")
    total = 0
    for at in range(0, len(units), 2):
        total = (31 * total + int.from_bytes(units[at : at + 2], "big")) & 0xFFFFFFFF
    return total - (1 << 32) if total >= 1 << 31 else total


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """A failed row is made a successful one; where there is none, the row is added. `repair` alone would only remove
    the failed row, and the next run would begin the migration anew."""
    item = find(order, file)
    script = parse(file_name(file.path), dict(target.settings))
    if item is None or script is None:
        return Marking(refusal=f"Flyway does not run {file_name(file.path)}")
    entry = entry_of(history, item.identity, key)
    refusal = refused(history, entry, item.identity)
    if refusal is not None:
        return refusal
    if script.kind == "repeatable" and _PLACEHOLDER.search(file.text):
        return Marking(refusal="Flyway sums up a repeatable script with its placeholders filled in")
    total, true = str(checksum(file.text)), _TRUE[target.dialect]
    rank = quoted(target.dialect, Name("installed_rank"))
    if entry is not None and entry.id.isdigit():
        done = {"success": true, "checksum": total}
        return Marking((update(target, history.table, done, f"{rank} = {entry.id}"),))
    last = f"SELECT COALESCE(MAX({rank}), 0) + 1 AS r FROM {quoted(target.dialect, history.table)}"  # noqa: S608 # quoted
    values = {
        "installed_rank": f"(SELECT r FROM ({last}) x)",  # noqa: S608 # MySQL wants it inside another
        "version": literal(target, script.identity) if script.kind == "versioned" else "NULL",
        "description": literal(target, _description(script, file, target.settings)),
        "type": "'SQL'",
        "script": literal(target, file_name(file.path)),
        "checksum": total,
        "installed_by": _USER[target.dialect],
        "execution_time": "0",
        "success": true,
    }
    return Marking((insert(target, history.table, values),))


_TRUE = {"postgresql": "TRUE", "mysql": "TRUE", "mariadb": "TRUE", "sqlite": "1"}
_USER = {"postgresql": "current_user", "mysql": "USER()", "mariadb": "USER()", "sqlite": "''"}
