"""A session setting that outlives the migration which changes it.

## What it does
Reports `SET`, `SET SESSION`, `set_config(..., false)` and `PRAGMA` that change how the session behaves and
that nothing in the file puts back, where the tool runs several migrations in one session. Values that are
the engine's own default are left alone, and so are settings that the tool itself puts back (Flyway does so
with some).

## Why it matters
The next migration runs in the same session: with another `search_path` its tables land in, or are looked
for in, another schema; with foreign keys switched off it may leave rows that point nowhere. It goes well on
a machine where each of them is run on its own day, and fails or does harm where all of them run at once.

## Bad
```sql postgresql bad tool=goose
-- +goose Up
SET search_path = app;
CREATE TABLE roles (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE app.roles;
```
```sql postgresql setup
CREATE SCHEMA app;
```
```sql mysql bad tool=golang-migrate fix=no
SET sql_mode = '';
CREATE TABLE IF NOT EXISTS roles (id bigint PRIMARY KEY);
```

## Good
```sql postgresql good tool=goose
-- +goose Up
SET LOCAL search_path = app;
CREATE TABLE roles (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE app.roles;
```
```sql mysql good tool=golang-migrate
SET FOREIGN_KEY_CHECKS = 0;
CREATE TABLE IF NOT EXISTS roles (id bigint PRIMARY KEY);
SET FOREIGN_KEY_CHECKS = 1;
```

## Fix
On PostgreSQL inside the tool's transaction, writes `SET LOCAL`, which ends with the transaction. Unsafe:
perhaps a later migration counts on the setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from partway.core.diagnostic import Group, Severity
from partway.core.edit import Applicability, Edit, Fix
from partway.core.migration import Setting, Step
from partway.core.source import Span
from partway.rules._transactions import Placed, first_line, opening, placed
from partway.rules.case import Case
from partway.rules.rule import Finding
from partway.tools.registry import tools

GROUP = Group.TRANSACTION
SEVERITY = Severity.WARNING

_ON, _OFF = frozenset({"on", "1", "true", "yes"}), frozenset({"off", "0", "false", "no"})
_NONE: frozenset[str] = frozenset()
_UTC = frozenset({"utc", "+00:00", "+0:00", "0"})  # what servers are commonly set to


class _Known(NamedTuple):
    """The values of a setting that are its default, and what another one does to the migrations that follow."""

    defaults: frozenset[str]
    harm: str


_CUT_OFF = "statements of later migrations are cut off by it"
_KNOWN = {
    "search_path": _Known(
        frozenset({"public", "$user"}), "later migrations look names up, and make tables, in other schemas"
    ),
    "role": _Known(_NONE, "later migrations run as that role, and what they make belongs to it"),
    "session_replication_role": _Known(frozenset({"origin"}), "triggers and foreign keys stay switched off"),
    "statement_timeout": _Known(_OFF, _CUT_OFF),
    "lock_timeout": _Known(_OFF, _CUT_OFF),
    "row_security": _Known(_ON, "queries that row security applies to become errors"),
    "check_function_bodies": _Known(_ON, "bodies of functions are not checked in later migrations"),
    "default_tablespace": _Known(frozenset({""}), "later tables land in that tablespace"),
    "default_transaction_read_only": _Known(_OFF, "later migrations cannot write"),
    "timezone": _Known(_UTC, "later migrations read and write times in that zone"),
    "foreign_key_checks": _Known(_ON, "later migrations may leave rows that point nowhere"),
    "unique_checks": _Known(_ON, "InnoDB may skip checks for duplicates in later migrations"),
    "sql_mode": _Known(_NONE, "later migrations are read and checked by other rules"),
    "sql_log_bin": _Known(_ON, "replicas do not get what later migrations do"),
    "time_zone": _Known(_UTC, "later migrations read and write times in that zone"),
    "foreign_keys": _Known(_ON, "later migrations may leave rows that point nowhere"),
    "legacy_alter_table": _Known(_OFF, "later renames leave views and triggers as they are"),
    "ignore_check_constraints": _Known(_OFF, "later migrations may leave rows that break CHECK constraints"),
    "writable_schema": _Known(_OFF, "later migrations can damage the schema table"),
}
_SET_CONFIG = re.compile(
    r"\bset_config\s*\(\s*'(\w+)'\s*,\s*'([^']*)'\s*,\s*(false|'f'|'false')\s*\)", re.IGNORECASE
)
_SET = re.compile(r"SET\s+(?:SESSION\s+(?!AUTHORIZATION))?", re.IGNORECASE)


#: Kinds of statements that change a setting by a function, or put all of them back.
_OF_SETTINGS = frozenset({"select", "discard"})


class _Change(NamedTuple):
    here: Placed
    setting: Setting


def check(case: Case) -> Iterator[Finding]:
    """The first change of each setting that is not put back."""
    changes = _changes(case)
    if not changes:
        return
    restored = getattr(tools().get(case.migration.tool), "SESSION_RESTORES", None)
    if restored is None:
        return
    for name, (first, last) in changes.items():
        known = _KNOWN.get(name)
        if known is None or name in restored or _put_back(first.setting, last.setting, known.defaults):
            continue
        # SQLite ignores this one in a transaction; another rule says so.
        if name == "foreign_keys" and first.here.first in case.flow.transactional:
            continue
        span = first_line(case, first.here.step.span)
        fix = _local(case, first.here)
        undo = f"RESET {name}" if case.dialect.local_settings else f"put {name} back"
        yield Finding(
            span,
            f"{opening(case, first.here.step.span)} outlives this migration, since the tool runs the next one in the "
            f"same session: {known.harm}",
            fix.title if fix else f"{undo[0].upper()}{undo[1:]} at the end of the migration",
            fix,
        )


def _changes(case: Case) -> dict[str, tuple[_Change, _Change]]:
    """The first and the last change of each setting that lasts as long as the session."""
    changes: dict[str, tuple[_Change, _Change]] = {}
    if not any(map(_may_change, case.section.steps)):
        return changes  # nearly always
    for here in placed(case):
        if not _may_change(here.step):
            continue
        for setting in _settings(case, here.step):
            if setting.local and case.dialect.local_settings:
                continue
            if setting.reset and setting.name == "all":
                changes.clear()
                continue
            change = _Change(here, setting)
            first = changes[setting.name][0] if setting.name in changes else change
            changes[setting.name] = (first, change)
        if any(a.kind == "discard" and "all" in a.traits for o in here.step.operations for a in o.actions):
            changes.clear()
    return changes


def _may_change(step: Step) -> bool:
    return bool(step.settings or (step.operations and step.operations[0].kind in _OF_SETTINGS))


def _settings(case: Case, step: Step) -> list[Setting]:
    """What a statement sets, by SET or by the function of PostgreSQL's that does the same."""
    found = list(step.settings)
    if not found and step.operations and step.operations[0].kind == "select":
        match = _SET_CONFIG.search(case.text(step.span))
        if match is not None:
            found.append(Setting(match[1].lower(), match[2]))
    return found


def _put_back(first: Setting, last: Setting, defaults: frozenset[str]) -> bool:
    """Whether a setting ends as it began: reset, set to its default, or set a second time to something else."""
    if last.reset:
        return True
    value = last.value.strip("'\"").lower()
    return value in defaults or value != first.value.strip("'\"").lower()


def _local(case: Case, here: Placed) -> Fix | None:
    """The fix by which the setting ends with the tool's transaction, where there is one from beginning to end."""
    if not case.dialect.local_settings or here.first not in case.flow.transactional:
        return None
    if any(step.control is not None for step in case.section.steps):
        return None
    text = case.text(here.step.span)
    start = here.step.span.start
    match = _SET_CONFIG.search(text)
    if match is not None:
        span = Span(start + match.start(3), start + match.end(3))
        return Fix("Let it end with the transaction: true", (Edit(span, "true"),), Applicability.UNSAFE)
    match = _SET.match(text)
    if match is None:
        return None
    edit = Edit(Span(start, start + match.end()), f"{text[:3]} LOCAL ")
    return Fix("Let it end with the transaction: SET LOCAL", (edit,), Applicability.UNSAFE)
