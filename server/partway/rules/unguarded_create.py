"""A CREATE that a repeat of the migration runs into.

## What it does
Reports a CREATE whose second run fails, if there is a point after it where the migration can stop with the
object kept. Where the tool runs the file in one transaction that the database can roll back, nothing is kept
and nothing is reported.

It speaks for objects of their own: tables, indexes, types, views, functions, triggers and the like. What is
added to one that is there already (`ADD COLUMN`, `ADD CONSTRAINT`, an index inside `ALTER TABLE`) is reported
by `unguarded-add`, an index or constraint without a name by `unnamed-object`.

## Why it matters
When a later statement fails, the migration is not recorded as done, so its tool runs it again from the
beginning. It then stops at the object that the first run has made, and gets no further until somebody removes
that by hand.

## Bad
```sql mysql bad tool=flyway at=1,2
CREATE TABLE roles (id bigint PRIMARY KEY, name varchar(40) NOT NULL);
CREATE INDEX roles_name ON roles (name);
```

```sql postgresql bad at=1
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
COMMENT ON TYPE mood IS 'How a customer felt';
```

A failed `CREATE INDEX CONCURRENTLY` leaves an INVALID index behind:

```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
```
```sql postgresql bad
CREATE INDEX CONCURRENTLY users_email ON users (email);
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
Django opens no transaction on MariaDB, and a `RunPython` can fail:

```python mariadb bad tool=django at=8
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(
            "Role",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("owner", models.ForeignKey("shop.User", models.CASCADE)),
            ],
        ),
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
    ]
```

On SQLite, Python's driver begins Alembic's transaction only where a revision first changes data:

```sql sqlite setup
CREATE TABLE users (id integer PRIMARY KEY, name text);
```
```python sqlite bad tool=alembic at=9
import sqlalchemy as sa
from alembic import op

revision = "4f2e"
down_revision = None


def upgrade():
    op.create_table("roles", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("users", sa.Column("role_id", sa.Integer))


def downgrade():
    op.drop_column("users", "role_id")
    op.drop_table("roles", if_exists=True)
```

Rails opens no transaction on MySQL and MariaDB, and none with `disable_ddl_transaction!`:

```sql mariadb setup
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40), age int);
```
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, name text, age int);
```
```ruby mariadb bad tool=rails at=3,6
class CreateRoles < ActiveRecord::Migration[6.1]
  def change
    create_table :roles do |t|
      t.string :name, null: false
    end
    add_index :users, :name
    add_column :users, :role_id, :bigint, if_not_exists: true
  end
end
```
```ruby postgresql bad tool=rails at=5,6
class IndexUsers < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!

  def change
    add_index :users, :name, algorithm: :concurrently
    add_index :users, :age, algorithm: :concurrently
  end
end
```

## Good
```sql mysql good tool=flyway
CREATE TABLE IF NOT EXISTS roles (id bigint PRIMARY KEY, name varchar(40) NOT NULL);
```

On PostgreSQL Flyway runs a migration in one transaction, which leaves nothing when it fails:

```sql postgresql good tool=flyway
CREATE TABLE roles (id bigint PRIMARY KEY, name text NOT NULL);
CREATE INDEX roles_name ON roles (name);
```

What a failed build has left goes with the index that is dropped first:

```sql postgresql good
DROP INDEX CONCURRENTLY IF EXISTS users_email;
CREATE INDEX CONCURRENTLY users_email ON users (name);
```

On PostgreSQL the same migration is one transaction:

```python postgresql good tool=alembic
import sqlalchemy as sa
from alembic import op

revision = "4f2e"
down_revision = None


def upgrade():
    op.create_table("roles", sa.Column("id", sa.Integer, primary_key=True))
    op.create_index("roles_id", "roles", ["id"])


def downgrade():
    op.drop_table("roles")
```

## Fix
Safe. Writes the guard that this dialect and version has: `IF NOT EXISTS`, `OR REPLACE`, `DROP ... IF EXISTS`
before what holds no data, a `DO` block over `pg_catalog`, a prepared statement chosen by
`information_schema`. An index that is built `CONCURRENTLY` is dropped first if it is INVALID; there is no fix
where the tool takes such an index only by itself, as Flyway does without `mixed`. The
fix is unsafe where a later statement of the file renames what the guard looks for, drops it, or gives its name
to something else.
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
    """An exposed CREATE that lacks a guard."""
    return unguarded(case, Concern.CREATE)
