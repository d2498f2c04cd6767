"""CREATE INDEX CONCURRENTLY IF NOT EXISTS, which skips the INVALID index of a failed run.

## What it does
Reports `CREATE INDEX CONCURRENTLY IF NOT EXISTS` if the file does not drop an INVALID index of that name
before it, nor rebuilds it. It says nothing where the statement cannot run, since it stands in a transaction.

## Why it matters
A `CREATE INDEX CONCURRENTLY` that fails (a duplicate, a deadlock, a timeout, a lost connection) leaves an
index of that name behind, marked INVALID: no query uses it, a unique one does not keep duplicates out, and
every write pays for it. `IF NOT EXISTS` only compares names. So the second run skips the index, succeeds, and
the migration is recorded as done without it.

## Bad
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
```
```sql postgresql bad
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
```

```ruby postgresql bad tool=rails
class IndexEmails < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!

  def change
    add_index :users, :email, algorithm: :concurrently, if_not_exists: true
  end
end
```

## Good
```sql postgresql good
DROP INDEX CONCURRENTLY IF EXISTS users_email;
CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);
```

```sql postgresql good
DO $$
BEGIN
  IF EXISTS (
    SELECT FROM pg_index WHERE indexrelid = to_regclass('users_email') AND NOT indisvalid
  ) THEN
    DROP INDEX users_email;
  END IF;
END
$$;
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
```

## Fix
Safe. Drops the index before, in a `DO` block and only if it is INVALID, so that a healthy one is never built
again. None where the tool takes no other statement beside such an index, as Flyway without `mixed`.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.operation import Action, GuardForm, Operation
from partway.rules._advice import before
from partway.rules._exposed import head
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.IDEMPOTENCY
SEVERITY = Severity.WARNING

#: Guards that look for an index of that name, whatever state it is in.
_BY_NAME = (GuardForm.IF_NOT_EXISTS, GuardForm.OPTION, GuardForm.LOOK)


def check(case: Case) -> Iterator[Finding]:
    """A guarded CREATE INDEX CONCURRENTLY with nothing before it that clears away a broken index."""
    if not case.guards:
        return
    cleared: set[str] = set()
    for number, operation in enumerate(case.operations):
        for action in operation.actions:
            if action.kind == "reindex" or (action.kind == "drop-index" and action.postconditions):
                cleared.add(_name(action))
            if (
                action.kind == "create-index"
                and "concurrently" in action.traits
                and action.guard is not None
                and action.guard.form in _BY_NAME
                and action.guard.covers
                and not _asks_for_validity(case, action.guard.form)
                and _name(action) not in cleared
                and _runs(case, number)
            ):
                yield _finding(case, number, operation, action)


def _name(action: Action) -> str:
    """The index's own name: two schemas with an index of one name in one file are not worth telling apart here."""
    return action.target.rpartition(".")[2]


def _asks_for_validity(case: Case, form: GuardForm) -> bool:
    """Whether a look at the database is one of a program that asks whether an index is valid."""
    return form is GuardForm.LOOK and "indisvalid" in case.migration.source.text


def _runs(case: Case, number: int) -> bool:
    """Whether it runs outside a transaction; one that the engine refuses leaves nothing."""
    return number not in case.flow.transactional


def _guard(case: Case, action: Action) -> str:
    guard = action.guard
    if guard is None or guard.form is GuardForm.IF_NOT_EXISTS:
        return "IF NOT EXISTS"
    return f"`{' '.join(case.text(guard.span).split())}`"


def _finding(case: Case, number: int, operation: Operation, action: Action) -> Finding:
    fix = case.write_guard(number)
    looks = action.guard is not None and action.guard.form is GuardForm.LOOK
    blind = "does not ask whether it is valid" if looks else "compares names only"
    message = (
        f"If building {_name(action)} fails, an INVALID index of that name is left, and running this again skips it:"
        f" {_guard(case, action)} {blind}, so the migration succeeds without the index."
    )
    where = "before it" if fix else before(case)
    advice = f"Drop the index {where}, if it is INVALID"
    return Finding(head(case, operation, action), message, advice, fix)
