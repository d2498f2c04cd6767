"""A suppression comment that hides nothing.

## What it does
Reports a `partway: ignore` or `partway: ignore-file` comment that hides no finding, and each name in one that is
no rule's. A rule that is not asked in this run, because the configuration or the command line leaves it out,
counts as hiding something: nobody knows.

## Why it matters
A suppression says that somebody has looked at a finding and knows better. Where the finding is gone, or never was
because the name is misspelt, it says something untrue, and one day it hides what it was not meant for.

## Bad
```sql postgresql bad
-- partway: ignore[]
CREATE TABLE roles (id bigint PRIMARY KEY);
```

A name that no rule has is left for you to mend:

```sql postgresql bad fix=no
-- partway: ignore[unguarded-craete]
CREATE TABLE roles (id bigint PRIMARY KEY);
```

## Good
```sql postgresql good
-- partway: ignore[unguarded-create] made by hand on every server long ago
CREATE TABLE roles (id bigint PRIMARY KEY);
```

## Fix
Safe. Takes out the name, or the whole comment if nothing else is in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.SYNTAX
SEVERITY = Severity.INFO


def check(case: Case) -> Iterator[Finding]:  # noqa: ARG001 - every rule is called alike
    """Nothing: what a suppression hides is known only when all rules have spoken. `partway.suppress` reports it."""
    return iter(())
