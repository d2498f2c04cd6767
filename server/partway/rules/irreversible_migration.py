"""A way up without a way down.

## What it does
Reports a migration that changes something on its way up and has no way down, or an empty one, where the
tool keeps both in one file (goose, dbmate, Rails, Django, Alembic); a file of the way down that holds no
statement; and what Rails or Django refuse to take back, such as `change_column` in `change`, or a `RunPython` without
`reverse_code`. Must be selected by name.

## Why it matters
A tool that is told to go back finds nothing to do, and still takes the migration off its record: the next
way up then runs into what is there. Projects that never go back lose nothing by that, so the rule asks only
where it is wanted.

## Bad
```sql postgresql bad tool=goose fix=no
-- +goose Up
CREATE TABLE roles (id bigint PRIMARY KEY);
```

```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, name text);
```
```ruby postgresql bad tool=rails at=3 fix=no
class WidenNames < ActiveRecord::Migration[6.1]
  def change
    change_column :users, :name, :text
  end
end
```
```python postgresql bad tool=alembic at=8 fix=no
from alembic import op

revision = "2b1a"
down_revision = None


def upgrade():
    op.drop_column("users", "name")


def downgrade():
    pass
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
from partway.rules._exposed import head
from partway.rules._transactions import first_line, lasting_operations
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.RECOVERY
SEVERITY = Severity.INFO
DEFAULT = False
#: Where the tool makes the way down itself, it says what it cannot take back.
OF_DERIVED = True

#: Tools that keep both directions in one file. golang-migrate, sqlx and Diesel have a file for each.
_BOTH_IN_ONE = frozenset({"goose", "dbmate", "rails", "alembic"})


def check(case: Case) -> Iterator[Finding]:
    """A section without its counterpart, or one that does nothing."""
    sections = case.migration.sections
    if case.section.name == "down":
        yield from _refused(case)
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


def _refused(case: Case) -> Iterator[Finding]:
    """What the tool itself stops at when it goes back."""
    for operation in case.operations:
        if operation.kind == "irreversible":
            why = f": {operation.why_opaque}" if operation.why_opaque else ""
            yield Finding(
                head(case, operation, operation.actions[0]),
                f"Going back stops here with an error{why}",
                "Say how to undo it",
            )
