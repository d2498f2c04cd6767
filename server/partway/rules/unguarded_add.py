"""An addition to a table or type that a repeat of the migration runs into.

## What it does
Reports what adds a part to an object that is there already, if a second run of it fails and there is a point
after it where the migration can stop with the part kept: `ADD COLUMN`, `ADD CONSTRAINT`, `ADD INDEX` inside
`ALTER TABLE`, `ADD VALUE`, `ADD ATTRIBUTE`, `ADD PARTITION`, `ATTACH PARTITION`, `ADD GENERATED AS IDENTITY`,
`ALTER PUBLICATION ... ADD` and the like.

An object of its own, made by `CREATE`, is the business of `unguarded-create`; a constraint or index without a
name that of `unnamed-object`.

## Why it matters
When a later statement fails, the migration is not recorded as done, so its tool runs it again from the
beginning. It then stops at the part that the first run has added. An `ALTER TABLE` is applied whole or not at
all: one part that is there already is enough to keep all the others out.

## Bad
```sql mysql setup
CREATE TABLE roles (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, email varchar(200));
```
```sql mysql bad tool=flyway at=1,2
ALTER TABLE users ADD COLUMN role_id bigint;
ALTER TABLE users ADD CONSTRAINT users_role FOREIGN KEY (role_id) REFERENCES roles (id);
```

A guard on one part does not help the others:

```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE TYPE mood AS ENUM ('sad', 'happy');
```
```sql postgresql bad at=1
ALTER TABLE users ADD COLUMN IF NOT EXISTS age integer, ADD COLUMN role_id bigint;
UPDATE users SET age = 0 WHERE age IS NULL;
```

```sql postgresql bad tool=dbmate transaction=none at=2
-- migrate:up transaction:false
ALTER TYPE mood ADD VALUE 'ok' AFTER 'sad';
COMMENT ON TYPE mood IS 'How a customer felt';
-- migrate:down
```

```python mariadb setup tool=django
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "User",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=40)),
            ],
        ),
    ]
```
```python mariadb bad tool=django at=8
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("user", "age", models.IntegerField(default=0)),
        migrations.AlterField("user", "name", models.CharField(max_length=80)),
    ]
```

```sql mariadb setup
CREATE TABLE roles (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40));
```
```ruby mariadb bad tool=rails at=3,4
class AddRoleToUsers < ActiveRecord::Migration[6.1]
  def change
    add_column :users, :role_id, :bigint
    add_foreign_key :users, :roles
    change_column_comment :users, :name, from: nil, to: "what people call them"
  end
end
```

## Good
```sql mysql good tool=flyway
ALTER TABLE users ADD COLUMN role_id bigint;
```

```sql postgresql good
ALTER TABLE users ADD COLUMN IF NOT EXISTS age integer, ADD COLUMN IF NOT EXISTS role_id bigint;
UPDATE users SET age = 0 WHERE age IS NULL;
```

## Fix
Safe. Writes the guard that this dialect and version has: `IF NOT EXISTS`, a `DO` block over `pg_catalog`, a
prepared statement chosen by `information_schema`. SQLite has no guard for `ALTER TABLE`: run its migrations
in a transaction. The fix is unsafe where a later statement of the file renames what the guard looks for,
drops it, or gives its name to something else.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.rules._exposed import Concern, unguarded
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.IDEMPOTENCY
SEVERITY = Severity.WARNING


def check(case: Case) -> Iterator[Finding]:
    """An exposed addition that lacks a guard."""
    return unguarded(case, Concern.ADD)
