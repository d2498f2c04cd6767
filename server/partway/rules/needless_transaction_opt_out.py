"""An opt-out of the tool's transaction in a file that runs well inside one.

## What it does
Reports a directive such as `-- +goose NO TRANSACTION` where the database rolls definitions back and no
statement of the file is refused in a transaction. Files with data changes, constraint validation,
procedural code or statements that could not be read are left alone: they can have good reasons to commit in
between. So are those that say `BEGIN` themselves, and those of which nobody says on which database they run.

## Why it matters
The tool's transaction is what makes the migration all or nothing, together with the record that it ran.
Without it, a failure leaves the statements before it done.

## Bad
```sql postgresql bad tool=goose
-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE roles (id bigint PRIMARY KEY);
CREATE INDEX roles_id ON roles (id);
-- +goose Down
DROP TABLE roles;
```

```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
```
```ruby postgresql bad tool=rails
class AddAgeToUsers < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!

  def change
    add_column :users, :age, :integer
  end
end
```

## Good
```sql postgresql good tool=goose
-- +goose Up
CREATE TABLE roles (id bigint PRIMARY KEY);
CREATE INDEX roles_id ON roles (id);
-- +goose Down
DROP TABLE roles;
```

## Fix
Takes the directive away. Unsafe: locks are then held until the end of the migration.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.edit import Applicability, Fix
from partway.core.migration import Section
from partway.core.operation import InTransaction
from partway.rules._transactions import DATA
from partway.rules.case import Case
from partway.rules.rule import Finding
from partway.tools.opting_out import opt_in

GROUP = Group.TRANSACTION
SEVERITY = Severity.WARNING

#: Operations that can take long or commit by themselves, and a value of an enum, which is of use only after a commit.
_REASONS = DATA | {
    "validate-constraint", "add-enum-value", "call", "do", "lock-table", "refresh-materialized-view", "pragma",
    "select", "reindex", "cluster", "analyze", "truncate", "opaque",
}  # fmt: skip


def check(case: Case) -> Iterator[Finding]:
    """One finding for each directive, where it holds for several sections with the first of them."""
    directive = case.section.transaction.opt_out
    if directive is None or not case.dialect.transactional_ddl or case.migration.dialect_assumed:
        return
    concerned = [s for s in case.migration.sections if s.transaction.opt_out == directive]
    if concerned[0] is not case.section or case.migration.troubles:
        return
    if not case.flow.lasting or not all(map(_at_home_in_transaction, concerned)):
        return
    edit = opt_in(case.migration, case.section)
    yield Finding(
        directive,
        f"No statement here needs this: {case.dialect.title} runs all of them in a transaction, and would roll them "
        "back together if one failed",
        "Leave the migration in the tool's transaction",
        Fix("Take the directive away", (edit,), Applicability.UNSAFE) if edit else None,
    )


def _at_home_in_transaction(section: Section) -> bool:
    return all(
        step.control is None
        and all(
            operation.in_transaction is InTransaction.ROLLS_BACK
            and all(a.kind not in _REASONS and "not-valid" not in a.traits for a in operation.actions)
            for operation in step.operations
        )
        for step in section.steps
    )
