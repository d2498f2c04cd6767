"""A guard with which the tool, told to go back, silently leaves behind what the migration did.

## What it does
With Rails, reports an operation in `change` behind a condition that asks whether it is done (`unless
column_exists?`, `return if table_exists?`), and a `drop_table` there that has options and no block. Going back, Rails
runs `change` once more and turns round what it meets: the condition now finds everything done, so it meets nothing.
A dropped table comes back without its columns.

## Why it matters
`rails db:rollback` says that all went well and takes the migration off its record. What it made is still there, and
the next way up skips it, or fails where it is not guarded. Nobody is told.

## Bad
```sql mysql setup
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40));
```
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, name text);
```
```ruby mysql bad tool=rails down=no
class AddAgeToUsers < ActiveRecord::Migration[6.1]
  def change
    add_column :users, :age, :integer unless column_exists?(:users, :age)
  end
end
```
```ruby postgresql bad tool=rails at=3 down=no
class DropUsers < ActiveRecord::Migration[6.1]
  def change
    drop_table :users, if_exists: true
  end
end
```

## Good
```ruby mysql good tool=rails
class AddAgeToUsers < ActiveRecord::Migration[6.1]
  def up
    add_column :users, :age, :integer unless column_exists?(:users, :age)
  end

  def down
    remove_column :users, :age if column_exists?(:users, :age)
  end
end
```

## Fix
None: write `up` and `down`, or use the option that Rails turns round with the call, where this version has one
(`if_not_exists: true`).
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.operation import Operation
from partway.core.source import Span
from partway.rules._exposed import head, said
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.RECOVERY
SEVERITY = Severity.WARNING


def check(case: Case) -> Iterator[Finding]:
    """Every call that the tool's own way down passes over, the first one behind each condition."""
    calls: set[Span] = set()
    for operation in case.operations:
        if not operation.not_undone or operation.span in calls or _comes_right(case, operation):
            continue
        action = operation.actions[0]
        # One condition around many calls is one mistake.
        asked = action.guard.span if action.guard is not None else operation.span
        if asked in calls:
            continue
        calls |= {operation.span, asked}
        facts = operation.postconditions
        goes = bool(facts) and not any(fact.present for fact in facts)
        stays = (
            f"does not bring back what {said(action)} took away"
            if goes
            else f"leaves {said(action)} as it is"
        )
        yield Finding(
            head(case, operation, action),
            f"Going back {stays}, and says nothing: {operation.not_undone}",
            "Write `up` and `down` in place of `change`, each with a condition of its own",
        )


def _comes_right(case: Case, operation: Operation) -> bool:
    """Whether the section makes anew what this takes away, so that the condition finds it on the way down; or makes the
    table around what this makes, which then goes with it."""
    facts = operation.postconditions
    gone = {(fact.object, fact.name.name) for fact in facts if not fact.present}
    later = (each for each in case.operations if each.span.start > operation.span.start)
    made = {(fact.object, fact.name.name) for each in later for fact in each.postconditions if fact.present}
    if gone:
        return gone <= made
    tables = {str(fact.table) for fact in facts}
    return bool(tables) and tables <= {
        action.target
        for each in case.operations
        for action in each.actions
        if action.kind == "create-table" and not each.not_undone
    }
