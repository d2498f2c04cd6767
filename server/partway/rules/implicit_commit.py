"""A definition inside BEGIN and COMMIT that commits by itself.

## What it does
On MySQL and MariaDB, reports the first statement that commits implicitly between a `BEGIN` or `START
TRANSACTION` that the file says and its `COMMIT` or `ROLLBACK`, where more than one statement relies on that
transaction.

## Why it matters
Nearly every CREATE, ALTER, DROP, RENAME and TRUNCATE commits the open transaction before it runs and itself
after, even if it then fails. What stands above it is kept for good, what stands below runs outside of any
transaction, and the `ROLLBACK` that somebody counts on undoes nothing.

## Bad
```sql mysql setup
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40));
```
```sql mysql bad at=3
START TRANSACTION;
UPDATE users SET name = 'nobody' WHERE name IS NULL;
ALTER TABLE users MODIFY name varchar(40) NOT NULL;
COMMIT;
```

## Good
```sql mysql good
ALTER TABLE users MODIFY name varchar(80);
START TRANSACTION;
UPDATE users SET name = 'nobody' WHERE name IS NULL;
UPDATE users SET name = 'root' WHERE id = 0;
COMMIT;
```

## Fix
None: make each statement repeatable, and keep only data changes between BEGIN and COMMIT.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.migration import Control, Step
from partway.core.operation import InTransaction
from partway.core.source import Span
from partway.rules._exposed import head, said
from partway.rules._transactions import Placed, opening, placed
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.TRANSACTION
SEVERITY = Severity.WARNING


def check(case: Case) -> Iterator[Finding]:
    """The first such statement of each transaction that the text opens."""
    if case.dialect.transactional_ddl:
        return
    steps = placed(case)
    for at, here in enumerate(steps):
        if here.step.control is Control.BEGIN:
            yield from _in_transaction(case, here.step.span, steps[at + 1 :])


def _in_transaction(case: Case, begun: Span, rest: list[Placed]) -> Iterator[Finding]:
    inside: list[int] = []
    end: Step | None = None
    for here in rest:
        if here.step.control in (Control.BEGIN, Control.COMMIT, Control.ROLLBACK):
            end = here.step
            break
        inside += here.indexes
    relying = [case.operations[index] for index in inside if index in case.flow.lasting]
    if len(relying) < 2:
        return
    for operation in relying:
        if operation.in_transaction is not InTransaction.COMMITS:
            continue
        ending = ""
        if end is not None and end.control is not Control.BEGIN:
            kept = "undoes" if end.control is Control.ROLLBACK else "keeps together"
            ending = f", so {opening(case, end.span)} on line {case.line(end.span)} {kept} nothing of this"
        action = next(a for a in operation.actions if a.in_transaction is InTransaction.COMMITS)
        yield Finding(
            head(case, operation, action),
            f"{said(action)} commits the transaction that {opening(case, begun)} on line {case.line(begun)} opens: "
            f"{case.dialect.title} commits before and after each definition{ending}",
            "Make each statement repeatable, and keep only data changes between BEGIN and COMMIT",
        )
        return
