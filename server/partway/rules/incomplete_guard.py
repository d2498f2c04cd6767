"""A guard that looks at something else than what it guards.

## What it does
Reports a statement whose guard does not keep a second run of it away, if there is a point after it where the
migration can stop with the statement kept: a condition in a `DO` block, a procedure or a prepared statement
that asks for another object, an `EXCEPTION` handler that catches another error, a `WHERE NOT EXISTS` that
does not look for the row that is inserted, an `ON CONFLICT` without a key that could conflict.

## Why it matters
The guard says that the migration can be run again, so nobody looks twice. The second run fails all the same,
or does its work once more.

## Bad
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
```
```sql postgresql bad at=1
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'role') THEN
    ALTER TABLE users ADD COLUMN role_id bigint;
  END IF;
END
$$;
COMMENT ON TABLE users IS 'people who log in';
```

```sql postgresql bad at=1
DO $$
BEGIN
  CREATE TABLE roles (id bigint PRIMARY KEY);
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;
COMMENT ON TABLE users IS 'people who log in';
```

```sql mysql setup
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE roles (id bigint PRIMARY KEY, name varchar(40));
```
```sql mysql bad tool=flyway at=3
SET @add = IF(
    (SELECT count(*) FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'role') = 0,
    'ALTER TABLE users ADD COLUMN role_id bigint', 'DO 0'
);
PREPARE add_column FROM @add;
EXECUTE add_column;
ALTER TABLE users COMMENT 'people who log in';
```

```sql mysql bad tool=flyway at=1
INSERT INTO roles (id, name) SELECT 1, 'admin' WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 'member');
ALTER TABLE roles COMMENT 'what a user may do';
```

## Good
```sql postgresql good
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'role_id') THEN
    ALTER TABLE users ADD COLUMN role_id bigint;
  END IF;
END
$$;
COMMENT ON TABLE users IS 'people who log in';
```

## Fix
None: what the condition was meant to look at is for its author to say.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.operation import GuardForm
from partway.rules._exposed import Concern, exposed, head, kept, meets, why
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.IDEMPOTENCY
SEVERITY = Severity.WARNING


_ADVICE = {
    GuardForm.HANDLER: "Catch the error that a second run raises, or ask the catalog first",
    GuardForm.CONDITION: "Let the condition look for the row that is inserted",
    GuardForm.CONFLICT: "Name a key that tells these rows from others, or insert only where they are missing",
}


def check(case: Case) -> Iterator[Finding]:
    """An exposed operation whose guard does not cover it."""
    for found in exposed(case, Concern.MISSED):
        guard = found.action.guard
        if guard is None:
            continue
        message = (
            f"The guard does not hold: {guard.flaw}. {kept(case, found)}, and running it again"
            f" {meets(found.action)}. {why(case, found)}."
        )
        advice = _ADVICE.get(guard.form, f"Let the condition look for {found.action.target}")
        yield Finding(head(case, found.operation, found.action), message, advice)
