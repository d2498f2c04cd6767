"""sqlx's _sqlx_migrations: a row for each version, with the SHA-384 of its file and whether it went through.

Read in sqlx 0.9 (migrate/migrator.rs, and migrate.rs of each driver) and seen in its tables. On MySQL the row is
written before the file runs, with success = FALSE, and while it is there sqlx refuses to go on. A file that was
changed after it ran is refused as well, so that the checksum of a row that is added must be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha384
from zlib import crc32

from partway.core.postcondition import Name
from partway.dialects.questions import quoted
from partway.tools.history import Entry, File, History, Late, Lock, Marking, Order, Record, Rows, Target
from partway.tools.place import file_name
from partway.tools.sqlx.tool import NAME
from partway.tools.tracking import (
    by_number,
    entry_of,
    find,
    insert,
    literal,
    named,
    number,
    refused,
    said,
    select,
    truth,
    update,
)

LATE = Late.RUNS
_SALT = 0x3D32AD9E
key = number


def table(target: Target) -> Name:
    """`_sqlx_migrations`, unless `table-name` in sqlx.toml says otherwise."""
    return named(target.settings, "sqlx.table-name", "_sqlx_migrations")


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """All its rows."""
    return select(target, table, ("version", "installed_on", "success", "checksum"), columns, ("version",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """A row without success is what sqlx calls dirty."""
    return tuple(
        Entry(
            said(version), Record.RECORDED if truth(success) else Record.DIRTY, said(at), checksum=said(sum_)
        )
        for version, at, success, sum_ in ((*row, None, None, None)[:4] for row in rows if row)
    )


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """The files that are no way down, by their numbers."""

    def identity(path: str) -> str | None:
        match = NAME.fullmatch(file_name(path))
        return match[1] if match is not None and match[3] != "down" else None

    return by_number(files, identity, "sqlx")


def checksum(text: str) -> str:
    """The SHA-384 of the file's bytes."""
    return sha384(text.encode("utf-8", "surrogatepass")).hexdigest()


def edited(entry: Entry, file: File) -> bool | None:
    """Whether the file has other bytes than those that ran. A byte order mark may have been lost in reading it."""
    if not entry.checksum:
        return None
    return entry.checksum.lower() not in (checksum(file.text), checksum(f"\ufeff{file.text}"))


def lock(target: Target, table: Name) -> Lock | None:  # noqa: ARG001 # one for all tables
    """An advisory lock from the database's name, which programs take that run their migrations themselves; the command
    line takes none. SQLite has none, and MariaDB refuses the way in which sqlx asks for it: GET_LOCK(..., -1)."""
    form = _LOCKS.get(target.dialect)
    if form is None or not target.database:
        return None
    key_ = form(_SALT * crc32(target.database.encode()))
    return Lock((key_,), f"sqlx's advisory lock {key_}", certain=False)


#: By dialect, how the number becomes the lock's key.
_LOCKS: Mapping[str, Callable[[int], int | str]] = {"postgresql": int, "mysql": "{:x}".format}


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """The row that sqlx would write; its command line can only skip everything that is pending."""
    item = find(order, file)
    match = NAME.fullmatch(file_name(file.path))
    if item is None or match is None:
        return Marking(refusal=f"sqlx does not run {file_name(file.path)}")
    entry = entry_of(history, item.identity)
    refusal = refused(history, entry, item.identity)
    if refusal is not None:
        return refusal
    sum_ = _BYTES[target.dialect].format(checksum(file.text))
    if entry is not None:
        where = f"{quoted(target.dialect, Name('version'))} = {item.identity}"
        done = {"success": "TRUE", "checksum": sum_}
        return Marking((update(target, history.table, done, where),))
    values = {
        "version": item.identity,
        "description": literal(target, match[2].replace("_", " ")),
        "success": "TRUE",
        "checksum": sum_,
        "execution_time": "-1",
    }
    return Marking((insert(target, history.table, values),))


_BYTES = {"postgresql": "'\\x{}'::bytea", "mysql": "X'{}'", "mariadb": "X'{}'", "sqlite": "X'{}'"}
