"""ActiveRecord's schema_migrations: a row for each version that has run, and nothing of one that failed.

Read in ActiveRecord 6.1 to 8.1 (migration.rb, schema_migration.rb) and seen in its table. Whatever version is not there
is run, also below one that is. Its lock is an advisory one on PostgreSQL and MySQL; SQLite has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from partway.core.postcondition import Name
from partway.dialects.questions import questions
from partway.tools.history import Entry, File, History, Late, Lock, Marking, Order, Rows, Target
from partway.tools.place import file_name
from partway.tools.tracking import (
    by_number,
    entry_of,
    find,
    insert,
    literal,
    named,
    number,
    refused,
    select,
    versions,
)

LATE = Late.RUNS
#: ActiveRecord's MIGRATOR_SALT.
_SALT = 2053462845
#: ActiveRecord's MigrationFilenameRegexp.
_NAME = re.compile(r"([0-9]+)_([_a-z0-9]*)\.?([_a-z0-9]*)?\.rb")
key = number


def table(target: Target) -> Name:
    """`schema_migrations`, unless `schema_migrations_table_name` and the prefix and suffix of tables say otherwise."""
    found = named(target.settings, "rails.schema_migrations_table_name", "schema_migrations")
    prefix = target.settings.get("rails.table_name_prefix", "")
    return Name(f"{prefix}{found.name}{target.settings.get('rails.table_name_suffix', '')}", found.schema)


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """Its versions."""
    return select(target, table, ("version",), columns, ("version",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """Whatever is there has run."""
    return versions(rows)


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """By the numbers of their versions."""

    def identity(path: str) -> str | None:
        match = _NAME.fullmatch(file_name(path))
        return match[1] if match is not None else None

    return by_number(files, identity, "Rails")


def lock(target: Target, table: Name) -> Lock | None:  # noqa: ARG001 # one for all tables
    """An advisory lock from the database's name."""
    asked = questions(target.dialect)
    if asked.holders is None or not target.database:
        return None
    number_ = _SALT * crc32(target.database.encode())
    key_: int | str = str(number_) if asked.locks_by_name else number_
    return Lock((key_,), f"ActiveRecord's migration lock {key_}")


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """The row that ActiveRecord would write; it has no task for that alone, so that its runner is asked to."""
    item = find(order, file)
    if item is None:
        return Marking(refusal=f"Rails does not run {file_name(file.path)}")
    refusal = refused(history, entry_of(history, item.identity), item.identity)
    if refusal is not None:
        return refusal
    sql = insert(target, history.table, {"version": literal(target, item.identity)})
    return Marking((sql,), ("bin/rails", "runner", f"ActiveRecord::Base.connection.execute(%q{{{sql}}})"))
