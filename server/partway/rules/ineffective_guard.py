"""A guard that this database does not take, or takes and ignores.

## What it does
Reports `IF NOT EXISTS`, `IF EXISTS` or `OR REPLACE` where this dialect, in this version, has no such form,
and where it accepts the words and does the work again nevertheless. It reports them wherever they stand, in a
transaction too. Where nobody says which version the server has, words that some version takes are believed.

## Why it matters
In most cases the statement is a syntax error and fails at once: MySQL for one takes almost none of MariaDB's
guards. The few that are accepted and ignored are worse, because they look safe.

## Bad
```sql mysql setup
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(200));
```
```sql mysql bad tool=flyway
ALTER TABLE users ADD COLUMN IF NOT EXISTS role_id bigint;
```

```sql postgresql bad
CREATE TYPE IF NOT EXISTS mood AS ENUM ('sad', 'ok', 'happy');
```

```sql postgresql bad
CREATE VIEW IF NOT EXISTS answers AS SELECT 42 AS answer;
```

MariaDB looks for the name that follows `IF NOT EXISTS`. Here there is none, and each run adds another foreign
key:

```sql mariadb setup
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(200));
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
```
```sql mariadb bad tool=flyway
ALTER TABLE orders ADD FOREIGN KEY IF NOT EXISTS (user_id) REFERENCES users (id);
```

```sql sqlite setup
CREATE TABLE users (id integer PRIMARY KEY);
```
```sql sqlite bad fix=no
ALTER TABLE users ADD COLUMN IF NOT EXISTS email text;
```

```sql mariadb setup
CREATE TABLE roles (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, role_id bigint, KEY (role_id));
```
Rails and Alembic take options that do nothing in some calls, versions and databases:

```ruby mariadb bad tool=rails at=3
class AddRoleToUsers < ActiveRecord::Migration[6.1]
  def change
    add_foreign_key :users, :roles, if_not_exists: true
  end
end
```
```python mariadb bad tool=alembic
from alembic import op

revision = "4f2e"
down_revision = None


def upgrade():
    op.create_unique_constraint("one_role", "users", ["role_id"], if_not_exists=True)


def downgrade():
    op.drop_constraint("one_role", "users", type_="unique")
```

## Good
```sql mariadb good tool=flyway
ALTER TABLE users ADD COLUMN IF NOT EXISTS role_id bigint;
```

```sql postgresql good
CREATE OR REPLACE VIEW answers AS SELECT 42 AS answer;
```

## Fix
Safe. Takes the words out and writes the guard that this dialect and version has, if there is one.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.rules._exposed import Concern, concern_of, has_vain_guard, head
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.IDEMPOTENCY
SEVERITY = Severity.ERROR


def check(case: Case) -> Iterator[Finding]:
    """An operation with guard words that have no effect here."""
    if not case.guards:
        return
    for number, operation in enumerate(case.operations):
        if not any(map(has_vain_guard, operation.actions)):
            continue
        action, concern = concern_of(operation)
        if concern is not Concern.WITHOUT_EFFECT or action.guard is None:
            continue
        fix = case.write_guard(number)
        advice = fix.title if fix else "Take the words out: there is no guard for this statement here"
        yield Finding(head(case, operation, action), f"{action.guard.flaw}.", advice, fix)
