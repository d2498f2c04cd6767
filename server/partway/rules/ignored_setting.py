"""A setting that the engine accepts and ignores in this place.

## What it does
Reports `PRAGMA foreign_keys = OFF` inside a transaction on SQLite, and `SET LOCAL` outside of one on
PostgreSQL. Neither is an error, and neither does anything.

## Why it matters
A SQLite table is usually changed by making another one, copying the rows, and dropping the old one with
foreign keys switched off. If they are not off, the DROP deletes the rows first, and with them what `ON
DELETE CASCADE` hangs on them. On PostgreSQL a `SET LOCAL lock_timeout` that does nothing leaves a migration
waiting for a lock, with everybody else behind it.

## Bad
```sql sqlite bad tool=goose at=2
-- +goose Up
PRAGMA foreign_keys = OFF;
CREATE TABLE roles (id integer PRIMARY KEY);
-- +goose Down
DROP TABLE roles;
```
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
```
```sql postgresql bad tool=goose at=3
-- +goose NO TRANSACTION
-- +goose Up
SET LOCAL lock_timeout = '2s';
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS users_email;
```

## Good
```sql sqlite good tool=goose
-- +goose NO TRANSACTION
-- +goose Up
PRAGMA foreign_keys = OFF;
CREATE TABLE IF NOT EXISTS roles (id integer PRIMARY KEY);
PRAGMA foreign_keys = ON;
-- +goose Down
DROP TABLE IF EXISTS roles;
```
```sql postgresql good tool=goose
-- +goose Up
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN name text;
-- +goose Down
ALTER TABLE users DROP COLUMN name;
```

## Fix
For SQLite, writes the tool's own opt-out of its transaction where it has one inside the file; unsafe, since
all statements lose the transaction. For PostgreSQL, writes `SET` in place of `SET LOCAL`; unsafe, since
that outlives the migration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.edit import Applicability, Edit, Fix
from partway.core.source import Span
from partway.rules._transactions import Placed, first_line, opening, placed, who_opened
from partway.rules.case import Case
from partway.rules.rule import Finding
from partway.tools.opting_out import opt_out
from partway.tools.reading import PLAIN

GROUP = Group.TRANSACTION
SEVERITY = Severity.WARNING

_OFF = frozenset({"off", "0", "false", "no"})
_SET_LOCAL = re.compile(r"SET\s+LOCAL\b", re.IGNORECASE)


def check(case: Case) -> Iterator[Finding]:
    """The first setting of each name that does nothing where it stands."""
    if not any(step.settings for step in case.section.steps):
        return  # nearly always
    said: set[str] = set()
    for here in placed(case):
        for setting in here.step.settings:
            if setting.name in said or not here.step.operations:
                continue
            inside = here.first in case.flow.transactional
            pragma = here.step.operations[0].kind == "pragma"
            if pragma and inside and setting.name == "foreign_keys" and setting.value.strip("'\"") in _OFF:
                said.add(setting.name)
                yield _pragma(case, here)
            elif setting.local and not inside and case.dialect.local_settings and _known(case):
                said.add(setting.name)
                yield _local(case, here)


def _known(case: Case) -> bool:
    """Whether it is known that no transaction surrounds the file: who runs plain SQL files cannot be told, and somebody
    who writes SET LOCAL counts on one."""
    return case.migration.tool != PLAIN or case.section.transaction.opt_out is not None


def _pragma(case: Case, here: Placed) -> Finding:
    span = here.step.span
    way = opt_out(case.migration, case.section) if here.first not in case.flow.own else None
    fix = Fix(way.help, way.edits, Applicability.UNSAFE) if way is not None and way.edits else None
    return Finding(
        first_line(case, span),
        f"{case.dialect.title} ignores {opening(case, span)} inside a transaction, and "
        f"{who_opened(case, here.first, span)}: foreign keys stay as they are, so that where they are on, DROP TABLE "
        "fails or deletes what refers to its rows",
        way.help if way is not None else "Set it before the transaction begins",
        fix,
    )


def _local(case: Case, here: Placed) -> Finding:
    span = here.step.span
    match = _SET_LOCAL.match(case.text(span))
    fix = None
    if match is not None:
        edit = Edit(Span(span.start, span.start + match.end()), case.text(span)[:3])
        fix = Fix("Set it for the session: SET", (edit,), Applicability.UNSAFE)
    return Finding(
        first_line(case, span),
        f"{case.dialect.title} ignores {opening(case, span)} outside of a transaction, and none is open here: "
        f"{case.section.transaction.reason}",
        "Set it for the session, and put it back at the end",
        fix,
    )
