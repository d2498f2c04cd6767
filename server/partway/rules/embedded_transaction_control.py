"""BEGIN, COMMIT or ROLLBACK in a file that the tool runs in a transaction of its own.

## What it does
Reports the `COMMIT` or `ROLLBACK` that ends the tool's transaction in the middle of a migration, and on
SQLite the `BEGIN`, which is an error inside a transaction. A file that a tool sends as one query, as
golang-migrate does on PostgreSQL, may open and end a transaction of its own.

## Why it matters
The tool believes that migration and record go together: both, or none. `COMMIT` ends its transaction, so
that what stands above stays even when the rest fails, and the rest and the record run outside of it. A
repeat then starts from the beginning of a migration that is half applied. Several drivers also report an
error when the tool commits a transaction that is not there any more.

## Bad
```sql postgresql bad tool=dbmate at=5
-- migrate:up
BEGIN;
CREATE TABLE roles (id bigint PRIMARY KEY);
ALTER TABLE roles ADD COLUMN name text;
COMMIT;
-- migrate:down
DROP TABLE roles;
```
```sql sqlite bad tool=goose at=2
-- +goose Up
BEGIN;
CREATE TABLE roles (id integer PRIMARY KEY);
COMMIT;
-- +goose Down
DROP TABLE roles;
```

## Good
```sql postgresql good tool=dbmate
-- migrate:up
CREATE TABLE roles (id bigint PRIMARY KEY);
ALTER TABLE roles ADD COLUMN name text;
-- migrate:down
DROP TABLE roles;
```
```sql postgresql good tool=golang-migrate
BEGIN;
CREATE TABLE roles (id bigint PRIMARY KEY);
ALTER TABLE roles ADD COLUMN name text;
COMMIT;
```

## Fix
Where one plain `BEGIN` and one `COMMIT` surround the whole section, takes both away. Unsafe: the section
then runs in the tool's transaction, together with the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.edit import Applicability, Edit, Fix
from partway.core.migration import Control, Step
from partway.core.operation import InTransaction
from partway.core.source import Span
from partway.rules._transactions import lasting_operations, opening
from partway.rules.case import Case
from partway.rules.rule import Finding
from partway.tools.opting_out import opt_out

GROUP = Group.TRANSACTION
SEVERITY = Severity.WARNING

_PLAIN = re.compile(r"(BEGIN|START|COMMIT|END)(\s+(TRANSACTION|WORK))?", re.IGNORECASE)
_ENDS = (Control.COMMIT, Control.ROLLBACK)


def check(case: Case) -> Iterator[Finding]:
    """The first statement that breaks the tool's transaction; the others follow from it."""
    nested = set(case.flow.nested)
    if not nested or case.section.transaction.implicit:
        return
    for step in case.section.steps:
        if step.span not in nested:
            continue
        if step.control is Control.BEGIN and case.dialect.nested_begin_fails:
            yield Finding(
                step.span,
                f"{opening(case, step.span)} fails: {case.dialect.title} does not begin a transaction inside one, and "
                f"{case.section.transaction.reason}",
                "Leave the transaction to the tool: take BEGIN and COMMIT away",
                _unwrap(case),
                Severity.ERROR,
            )
            return
        if step.control in _ENDS:
            if not _reopened(case, step.span):
                yield _ended(case, step)
            return


def _ended(case: Case, step: Step) -> Finding:
    words = opening(case, step.span)
    fix = _unwrap(case)
    stays = "is kept" if step.control is Control.COMMIT else "is undone"
    follows = (
        "in another one"
        if case.section.transaction.reopens
        else "no longer in it, nor is the record that the migration ran"
    )
    return Finding(
        step.span,
        f"{words} ends the tool's transaction ({case.section.transaction.reason}): what stands above {stays} whatever "
        f"happens next, and what follows is {follows}",
        fix.title if fix else _instead(case, step),
        fix,
    )


def _instead(case: Case, step: Step) -> str:
    """What to do where nothing is written for it. What is refused in a transaction cannot be left in the tool's."""
    steps_out = any(
        one.in_transaction is InTransaction.REFUSED and one.statement.start >= step.span.end
        for one in case.operations
    )
    way = opt_out(case.migration, case.section) if steps_out else None
    if way is None:
        return "Leave the transaction to the tool, or split the migration here"
    return f"Leave the transaction to the tool. What is refused in one: {way.help[:1].lower()}{way.help[1:]}"


def _reopened(case: Case, span: Span) -> bool:
    """Whether the text steps out of the tool's transaction before anything has run in it, and at the end into a new one
    that the tool then commits, as is done to switch SQLite's foreign keys off."""
    controls = [step.control for step in case.section.steps if step.control is not None]
    before = [
        index for index, _ in lasting_operations(case) if case.operations[index].statement.end <= span.start
    ]
    return not before and controls[-1] is Control.BEGIN


def _unwrap(case: Case) -> Fix | None:
    """The fix where the section is one plain BEGIN, statements, and one COMMIT."""
    steps = case.section.steps
    controls = [step for step in steps if step.control is not None]
    if len(controls) != 2 or controls[0] is not steps[0] or controls[1] is not steps[-1]:
        return None
    if controls[0].control is not Control.BEGIN or controls[1].control is not Control.COMMIT:
        return None
    if not all(_PLAIN.fullmatch(case.text(step.span)) for step in controls):
        return None
    edits = tuple(Edit(_with_its_line(case, step.span), "") for step in controls)
    return Fix("Take BEGIN and COMMIT away", edits, Applicability.UNSAFE)


def _with_its_line(case: Case, span: Span) -> Span:
    """A statement with its terminator, and with its line where nothing else stands on it."""
    text = case.migration.source.text
    start, end = span
    while end < len(text) and text[end] in " \t":
        end += 1
    end = end + 1 if text[end : end + 1] == ";" else span.end
    stop = end
    while stop < len(text) and text[stop] in " \t\r":
        stop += 1
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if (start == 0 or text[start - 1] == "\n") and (stop == len(text) or text[stop] == "\n"):
        return Span(start, min(stop + 1, len(text)))
    return Span(span.start, end)
