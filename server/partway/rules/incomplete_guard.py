"""A guard that looks at something else than what it guards.

## What it does
Reports a statement whose guard does not keep a second run of it away, if there is a point after it where the
migration can stop with the statement kept: a condition in a `DO` block, a procedure or a prepared statement
that asks for another object, an `EXCEPTION` handler that catches another error, a `WHERE NOT EXISTS` that
does not look for the row that is inserted, an `ON CONFLICT` without a key that could conflict, a `try` or `rescue`
around several operations of a migration.

## Why it matters
The guard says that the migration can be run again, so nobody looks twice. The second run fails all the same,
does its work once more, or passes over what has not been done: a condition that looks at the first of several
things is false as soon as that one is there, and the first error ends a `try` or what is rescued.

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
from partway.core.operation import Action, Guard, GuardForm
from partway.core.source import Span
from partway.rules._exposed import Concern, exposed, head, kept, meets, said, why
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
    """An exposed operation whose guard does not cover it, once for each condition that is about something earlier."""
    told: set[Span] = set()
    for found in exposed(case, Concern.MISSED):
        guard = found.action.guard
        if guard is None or guard.span in told:
            continue
        at = _what_it_is_for(case, guard, found.number)
        if at is None:
            message = (
                f"The guard does not hold: {guard.flaw}. {kept(case, found)}, and running it again"
                f" {meets(found.action)}. {why(case, found)}."
            )
        elif _apart(case, at, found.number):
            told.add(guard.span)
            message = (
                f"The guard does not hold: {guard.flaw}. If the migration stops after "
                f"{said(_guarded_by(case, guard, at))}, the next run passes over {said(found.action)}."
            )
        else:
            continue
        advice = _ADVICE.get(guard.form, f"Let the condition look for {found.action.target}")
        if guard.form is GuardForm.HANDLER and at is not None:
            advice = "Catch the error of each operation by itself, or ask the catalog first"
        yield Finding(head(case, found.operation, found.action), message, advice)


def _what_it_is_for(case: Case, guard: Guard, number: int) -> int | None:
    """The operation up to this one that the same condition does look at: a second run passes over all of them."""
    return next((at for at in range(number + 1) if any(_covered(case, guard, at))), None)


def _covered(case: Case, guard: Guard, at: int) -> Iterator[bool]:
    for action in case.operations[at].actions:
        yield action.guard is not None and action.guard.span == guard.span and action.guard.covers


def _guarded_by(case: Case, guard: Guard, at: int) -> Action:
    """The action of an operation that a condition looks at."""
    covered = zip(case.operations[at].actions, _covered(case, guard, at), strict=True)
    return next(action for action, is_covered in covered if is_covered)


def _apart(case: Case, first: int, second: int) -> bool:
    """Whether the migration can stop between two operations with the first one kept."""
    return any(first <= point.after < second for point in case.flow.commit_points)
