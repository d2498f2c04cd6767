"""A RENAME that a repeat of the migration runs into.

## What it does
Reports what gives something another name or another schema, if there is a point after it where the migration
can stop with the new name kept: `RENAME` of anything, `CHANGE COLUMN`, `SET SCHEMA`, `EXCHANGE PARTITION`.

## Why it matters
When a later statement fails, the migration is not recorded as done, so its tool runs it again from the
beginning. It then stops because nothing has the old name any more.

## Bad
```sql mysql setup
CREATE TABLE people (id bigint PRIMARY KEY, mail varchar(200));
CREATE TABLE groups_of_people (id bigint PRIMARY KEY);
```
```sql mysql bad tool=flyway at=1,2
ALTER TABLE people RENAME COLUMN mail TO email;
RENAME TABLE groups_of_people TO teams;
```

```sql postgresql setup
CREATE TABLE people (id bigint PRIMARY KEY, mail text);
```
```sql postgresql bad at=1,2
ALTER TABLE people RENAME COLUMN mail TO email;
ALTER INDEX people_pkey RENAME TO users_pkey;
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
        migrations.RenameField("user", "name", "title"),
        migrations.AlterField("user", "title", models.CharField(max_length=80)),
    ]
```

```sql mariadb setup
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40));
```
```ruby mariadb bad tool=rails at=3
class CallNamesTitles < ActiveRecord::Migration[6.1]
  def change
    rename_column :users, :name, :title
    change_column_default :users, :title, from: nil, to: "x"
  end
end
```

## Good
```sql postgresql good
ALTER INDEX IF EXISTS people_pkey RENAME TO users_pkey;
```

On PostgreSQL golang-migrate sends the file as one query, which is one transaction:

```sql postgresql good tool=golang-migrate
ALTER TABLE people RENAME COLUMN mail TO email;
ALTER TABLE people RENAME TO users;
```

## Fix
Safe. Adds `IF EXISTS`, or where the dialect does not take that, asks the catalog for the old name and the new
one: a `DO` block over `pg_catalog`, a prepared statement chosen by `information_schema`. The fix is unsafe
where a later statement of the file renames what the guard looks for, drops it, or gives its name to something
else.
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
    """An exposed RENAME that lacks a guard."""
    return unguarded(case, Concern.RENAME)
