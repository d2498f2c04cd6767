"""A data change that a repeat of the migration does once more on top of itself.

## What it does
Reports an `UPDATE`, `MERGE` or `DELETE` whose second run changes other rows or the same rows further (a
counter raised, a price converted, a text extended), if there is a point after it where the migration can stop
with the first change kept. It says nothing of a change that comes to rest: `SET active = true`, or one whose
`WHERE` no longer finds what has been changed.

## Why it matters
When a later statement fails, the migration is not recorded as done, so its tool runs it again from the
beginning. The second run succeeds, and the data is wrong without a trace of it.

## Bad
```sql mysql setup
CREATE TABLE products (id bigint PRIMARY KEY, price integer, cents bigint);
INSERT INTO products VALUES (1, 10, NULL);
```
```sql mysql bad tool=flyway at=1
UPDATE products SET price = price * 100;
ALTER TABLE products COMMENT 'prices in cents';
```

```sql postgresql setup
CREATE TABLE products (id bigint PRIMARY KEY, price integer);
INSERT INTO products VALUES (1, 10);
```
```sql postgresql bad at=1
UPDATE products SET price = price * 100;
COMMENT ON COLUMN products.price IS 'in cents';
```

## Good
```sql mysql good tool=flyway
UPDATE products SET cents = price * 100 WHERE cents IS NULL;
ALTER TABLE products COMMENT 'prices in cents';
```

In one transaction with what could fail after it:

```sql postgresql good tool=flyway
UPDATE products SET price = price * 100;
COMMENT ON COLUMN products.price IS 'in cents';
```

## Fix
None: which rows have been changed already cannot be told from the statement. Write the result into a new
column and change only rows where that is empty, or give the change a migration of its own, which one
transaction keeps or loses whole.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.operation import FILLS_SOME, Repeat
from partway.rules._exposed import Concern, exposed, head, kept, why
from partway.rules.case import Case
from partway.rules.rule import Finding

_ADVICE = "Change only rows that are not changed yet, or give the change a migration of its own"
GROUP = Group.IDEMPOTENCY
SEVERITY = Severity.WARNING


def check(case: Case) -> Iterator[Finding]:
    """An exposed data change that does not come to rest."""
    for found in exposed(case, Concern.CHANGE):
        if any(FILLS_SOME in action.traits for action in found.operation.actions):
            continue
        outcome = "fails" if found.action.repeat is Repeat.FAILS else "changes the data once more"
        message = f"{kept(case, found)}, and running it again {outcome}. {why(case, found)}."
        yield Finding(head(case, found.operation, found.action), message, _ADVICE)
