"""An index or constraint without a name, of which a repeat makes another one.

## What it does
Reports an index or constraint that the statement does not name and that a second run adds once more under
another name, if there is a point after it where the migration can stop with it kept. So does a column
definition in `MODIFY` that says `UNIQUE`.

## Why it matters
The engine chooses a free name each time, so nothing fails and nobody notices: the table has the same index
twice, each write pays for both, and a later migration which drops "the" constraint leaves one behind. What
has no name can have no guard.

## Bad
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total integer);
```
```sql postgresql bad at=1,2,3
CREATE INDEX ON users (email);
ALTER TABLE orders ADD CHECK (total > 0);
ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id);
```

```sql mysql setup
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(200));
```
```sql mysql bad tool=flyway at=1
ALTER TABLE users ADD INDEX (email);
ALTER TABLE users COMMENT 'people who log in';
```

## Good
```sql postgresql good
CREATE INDEX IF NOT EXISTS users_email_idx ON users (email);
```

## Fix
Writes the name that the engine would choose, and the guard that a named one can have. Safe if the table is
made in the same file, so that every name it has is known; unsafe otherwise, because the name may be taken and
the engine would choose the next one.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.rules._exposed import Concern, exposed, head, kept, said, why
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.IDEMPOTENCY
SEVERITY = Severity.WARNING


def check(case: Case) -> Iterator[Finding]:
    """An exposed operation that makes another nameless index or constraint each time."""
    for found in exposed(case, Concern.UNNAMED):
        fix = case.write_guard(found.number)
        thing = "constraint" if found.action.kind.endswith("constraint") else "index"
        message = (
            f"{kept(case, found)}, and running it again makes another {thing} like it, since it has no name."
            f" {why(case, found)}."
        )
        advice = (
            fix.title
            if fix
            else f"Name the {thing} that {said(found.action)} makes, and guard it by that name"
        )
        yield Finding(head(case, found.operation, found.action), message, advice, fix)
