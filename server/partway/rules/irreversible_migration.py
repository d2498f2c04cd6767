"""A way up without a way down.

## What it does
Reports a migration that changes something on its way up and has no way down, or an empty one, where the
tool keeps both in one file (goose, dbmate and their like); and a file of the way down that holds no
statement. Must be selected by name.

## Why it matters
A tool that is told to go back finds nothing to do, and still takes the migration off its record: the next
way up then runs into what is there. Projects that never go back lose nothing by that, so the rule asks only
where it is wanted.

## Bad
```sql postgresql bad tool=goose fix=no
-- +goose Up
CREATE TABLE roles (id bigint PRIMARY KEY);
```

## Good
```sql postgresql good tool=goose
-- +goose Up
CREATE TABLE roles (id bigint PRIMARY KEY);
-- +goose Down
DROP TABLE roles;
```

## Fix
None: what undoes a migration is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.source import Span
from partway.rules._transactions import first_line, lasting_operations
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.RECOVERY
SEVERITY = Severity.INFO
DEFAULT = False

#: Tools that keep both directions in one file. golang-migrate, sqlx and Diesel have a file for each.
_BOTH_IN_ONE = frozenset({"goose", "dbmate"})


def check(case: Case) -> Iterator[Finding]:
    """A section without its counterpart, or one that does nothing."""
    sections = case.migration.sections
    if case.section.name == "down":
        if len(sections) == 1 and not case.section.steps and not case.migration.troubles:
            yield Finding(
                Span(0, 0),
                "The way down does nothing: what the way up has made stays, and is no longer on record",
                "Undo what the way up does",
            )
        return
    first = next((operation for _, operation in lasting_operations(case)), None)
    if first is None or (case.migration.tool not in _BOTH_IN_ONE and len(sections) == 1):
        return
    at = next(at for at, section in enumerate(sections) if section is case.section)
    down = sections[at + 1] if at + 1 < len(sections) else None
    if down is None or down.name != "down" or not down.steps:
        yield Finding(
            first_line(case, first.span),
            "Nothing undoes this: the migration has no way down",
            "Write what undoes it behind the way down",
        )
