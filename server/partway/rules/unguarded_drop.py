"""A DROP that a repeat of the migration runs into.

## What it does
Reports what removes an object or a part of one, if a second run of it fails and there is a point after it
where the migration can stop with the removal kept: `DROP` of anything, `DROP COLUMN`, `DROP CONSTRAINT`,
`DETACH PARTITION`, `DROP IDENTITY`, `REMOVE PARTITIONING` and the like.

## Why it matters
When a later statement fails, the migration is not recorded as done, so its tool runs it again from the
beginning. It then stops because what it wants to drop is gone, and the object has to be made again by hand
for the migration to go on.

## Bad
```sql mysql setup
CREATE TABLE sessions (id bigint PRIMARY KEY);
CREATE TABLE users (id bigint PRIMARY KEY, nickname varchar(40), email varchar(200));
CREATE INDEX users_email ON users (email);
```
```sql mysql bad tool=flyway at=1,2,3
DROP TABLE sessions;
ALTER TABLE users DROP COLUMN nickname;
DROP INDEX users_email ON users;
```

```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
```
```sql postgresql bad at=1
DROP INDEX CONCURRENTLY users_email;
COMMENT ON TABLE users IS 'Who may log in';
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
        migrations.RemoveField("user", "name"),
        migrations.AddField("user", "title", models.CharField(max_length=40, default="")),
    ]
```

```sql mariadb setup
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40), age int);
CREATE INDEX by_name ON users (name);
```
```ruby mariadb bad tool=rails at=3,4
class ForgetNames < ActiveRecord::Migration[6.1]
  def change
    remove_index :users, name: "by_name", column: :name
    remove_column :users, :name, :string, limit: 40
    change_column_default :users, :age, from: nil, to: 0
  end
end
```

## Good
```sql postgresql good
DROP INDEX CONCURRENTLY IF EXISTS users_email;
```

```sql mysql good tool=flyway
DROP TABLE IF EXISTS sessions;
```

## Fix
Safe. Adds `IF EXISTS`, or where the dialect does not take that, a prepared statement chosen by
`information_schema`. The fix is unsafe where a later statement of the file renames what the guard looks for,
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
    """An exposed DROP that lacks a guard."""
    return unguarded(case, Concern.DROP)
