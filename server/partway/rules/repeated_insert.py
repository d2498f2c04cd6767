"""An INSERT that a repeat of the migration makes once more.

## What it does
Reports an `INSERT` or `COPY` whose second run fails on a key or adds the same rows again, if there is a point
after it where the migration can stop with the rows kept. It says nothing of rows that are inserted only where
they are missing (`ON CONFLICT`, `INSERT IGNORE`, `WHERE NOT EXISTS`), nor of rows for a table that the same
file empties or makes before.

## Why it matters
When a later statement fails, the migration is not recorded as done, so its tool runs it again from the
beginning. With a key, it then stops with a duplicate; without one, every row is there twice, and nothing
tells the second from the first.

## Bad
```sql mysql setup
CREATE TABLE roles (id bigint PRIMARY KEY, name varchar(40));
CREATE TABLE users (id bigint PRIMARY KEY);
```
```sql mysql bad tool=flyway at=1
INSERT INTO roles (id, name) VALUES (1, 'admin'), (2, 'member');
ALTER TABLE users COMMENT 'people who log in';
```

```sql postgresql setup
CREATE TABLE roles (id bigint PRIMARY KEY, name text);
```
```sql postgresql bad at=1
INSERT INTO roles (id, name) VALUES (1, 'admin');
COMMENT ON TABLE roles IS 'what a user may do';
```

## Good
```sql postgresql good
INSERT INTO roles (id, name) VALUES (1, 'admin') ON CONFLICT (id) DO NOTHING;
COMMENT ON TABLE roles IS 'what a user may do';
```

```sql mysql good tool=flyway
INSERT INTO roles (id, name) SELECT 1, 'admin' WHERE NOT EXISTS (SELECT 1 FROM roles WHERE id = 1);
ALTER TABLE users COMMENT 'people who log in';
```

A table that is emptied right before holds the same rows after a second run:

```sql mysql good tool=flyway
DELETE FROM roles;
INSERT INTO roles (id, name) VALUES (1, 'admin'), (2, 'member');
ALTER TABLE users COMMENT 'people who log in';
```
```sql postgresql good
TRUNCATE roles;
INSERT INTO roles (id, name) VALUES (1, 'admin');
COMMENT ON TABLE roles IS 'what a user may do';
```

## Fix
Unsafe. Adds `ON CONFLICT DO NOTHING`, `INSERT IGNORE` or `INSERT OR IGNORE`. Only the author knows whether
the table has a key that tells these rows from others, and whether a row that differs is to be kept; `INSERT
IGNORE` hides other errors as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from partway.core.diagnostic import Group, Severity
from partway.core.edit import Fix
from partway.core.operation import Repeat
from partway.rules._exposed import Concern, Exposed, exposed, head, kept, why
from partway.rules.case import Case
from partway.rules.rule import Finding

# Of a row's values the first is its key, if it has one of its own.
_RANDOM_KEY = re.compile(
    r"\b(?:VALUES\s*\(|SELECT)\s*(?:gen_random_uuid|uuid_generate_v[14]|uuidv[47]|UUID|randomblob|random|hex)\s*\(",
    re.IGNORECASE,
)
#: An INSERT with the columns that it gives, if it says which; without them it gives all.
_GIVEN = re.compile(
    r"\s*(?:INSERT|REPLACE)\s+(?:\w+\s+)*?INTO\s+[^\s(]+\s*(?:\(([^()]*)\)\s*)?(?=VALUES?\b|SELECT\b|\(|WITH\b)",
    re.IGNORECASE,
)
#: A model's row that is made with its `id:`, in Ruby or in Python.
_GIVES_ID = re.compile(r"(?<![\w:.])(?::id\s*=>|id:|id=(?!=)|[\"']id[\"']\s*(?:=>|:))")
_ADVICE = "Insert only the rows that are not there yet"
GROUP = Group.IDEMPOTENCY
SEVERITY = Severity.WARNING


def check(case: Case) -> Iterator[Finding]:
    """An exposed INSERT that does not look for its rows."""
    for found in exposed(case, Concern.INSERT):
        message = f"{kept(case, found)}, and running it again {_outcome(case, found)}. {why(case, found)}."
        span = head(case, found.operation, found.action)
        yield Finding(span, message, later=partial(_remedy, case, found))


def _outcome(case: Case, found: Exposed) -> str:
    """What a second run does. Which keys a table has that is not made here, nobody says."""
    if found.action.repeat is Repeat.FAILS:
        return "fails on a key"
    once_more = "adds the same rows once more"
    return once_more if _keyless(case, found) else f"{once_more}, unless a key refuses them"


def _remedy(case: Case, found: Exposed) -> tuple[str, Fix | None]:
    """What to do about it: the guard that the dialect has, unless no key could conflict."""
    from partway.sql.guards import guard_insert

    if _keyless(case, found):
        return _ADVICE, None
    fix = guard_insert(case.migration.source.text, found.operation, case.dialect)
    return (f"{fix.title}, if a key tells these rows from others" if fix else _ADVICE), fix


def _keyless(case: Case, found: Exposed) -> bool:
    """Whether a second run is known to meet no key: its rows get random ones, or the section makes the table and there
    is none to conflict."""
    if found.action.repeat is not Repeat.CHANGES:
        return False
    if _RANDOM_KEY.search(case.text(found.operation.span)):
        return True
    if found.action.target not in case.once(_tables_made):
        return False
    is_program = case.migration.comment != "--"
    return not (is_program and _has_keys(case, found.action.target, case.text(found.operation.span)))


def _tables_made(case: Case) -> frozenset[str]:
    actions = (action for operation in case.operations for action in operation.actions)
    return frozenset(action.target for action in actions if action.kind == "create-table")


def _has_keys(case: Case, target: str, insert: str) -> bool:
    """Whether a table that a program makes has a key which its rows are given: unlike SQL's, they were not held against
    the keys. A number that the table itself counts up is given where that is said."""
    table = target.rpartition(".")[2]
    facts = [
        (fact, dict(fact.attributes))
        for operation in case.operations
        for action in operation.actions
        for fact in action.postconditions
        if fact.present and (action.target == target or (fact.table is not None and fact.table.name == table))
    ]
    own = {fact.name.name for fact, attributes in facts if attributes.get("identity") == "yes"}
    given = _GIVEN.match(insert)
    if given is not None:
        columns = [each.strip().strip('"`').lower() for each in (given[1] or "").split(",")]
        own = {each for each in own if given[1] and each.lower() not in columns}
    elif _GIVES_ID.search(insert):
        own.discard("id")
    return any(
        attributes.get("columns") not in own
        for _, attributes in facts
        if attributes.get("kind") in ("primary key", "unique") or attributes.get("unique") == "yes"
    )
