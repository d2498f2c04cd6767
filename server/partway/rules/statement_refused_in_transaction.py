"""A statement that the engine refuses inside a transaction, in a place where one is open.

## What it does
Reports statements such as `CREATE INDEX CONCURRENTLY`, `VACUUM` or `CREATE DATABASE` where a transaction is
open around them: the one in which the tool runs each migration, one that the file opens with `BEGIN`, the
one that PostgreSQL makes of several statements sent as one query, or the one that surrounds every statement
of a `DO` block.

## Why it matters
The engine raises an error, whatever the state of the database: the migration cannot go through. It is often
found late, because the same statement runs well when somebody tries it by hand.

## Bad
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
```
goose runs a file in one transaction unless the file says otherwise:

```sql postgresql bad tool=goose
-- +goose Up
CREATE INDEX CONCURRENTLY users_email ON users (email);
-- +goose Down
DROP INDEX users_email;
```
golang-migrate sends a file as one query, which PostgreSQL runs as one transaction if it holds more than one
statement:

```sql postgresql bad tool=golang-migrate fix=no run=no at=1,2
CREATE INDEX CONCURRENTLY users_email ON users (email);
CREATE INDEX CONCURRENTLY users_id_email ON users (id, email);
```
```sql postgresql bad fix=no run=no
DO $$
BEGIN
  CREATE INDEX CONCURRENTLY users_email ON users (email);
END
$$;
```

```python postgresql setup tool=django
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
Rails, Django and Alembic run a migration in a transaction on PostgreSQL:

```ruby postgresql bad tool=rails
class IndexEmails < ActiveRecord::Migration[6.1]
  def change
    add_index :users, :email, algorithm: :concurrently
  end
end
```
```python postgresql bad tool=django
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        AddIndexConcurrently("user", models.Index(fields=["name"], name="user_name")),
    ]
```
```python postgresql bad tool=alembic
from alembic import op

revision = "4f2e"
down_revision = None


def upgrade():
    op.create_index("users_email", "users", ["email"], postgresql_concurrently=True)


def downgrade():
    op.drop_index("users_email", "users")
```

## Good
```sql postgresql good tool=goose run=no
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY users_email ON users (email);
-- +goose Down
DROP INDEX CONCURRENTLY users_email;
```
Alone in its file, a statement is in no transaction with golang-migrate:

```sql postgresql good tool=golang-migrate
CREATE INDEX CONCURRENTLY users_email ON users (email);
```
Flyway sees for itself that this file has to run without a transaction:

```sql postgresql good tool=flyway
CREATE INDEX CONCURRENTLY users_email ON users (email);
```

## Fix
Writes the tool's own opt-out where it has one inside the file: `-- +goose NO TRANSACTION`,
`transaction:false` (dbmate), `-- no-transaction` (sqlx). Safe where nothing but refused statements stands
in the file; unsafe where others lose their transaction by it. Elsewhere the statement has to move to a
migration of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.edit import Applicability, Fix
from partway.core.migration import Control, Mode
from partway.core.operation import Action, InTransaction, Operation
from partway.rules._exposed import head, said
from partway.rules._transactions import (
    begin_before,
    is_block,
    made_before,
    opening,
    placed,
    who_opened,
)
from partway.rules.case import Case
from partway.rules.rule import Finding
from partway.tools.opting_out import opt_out

GROUP = Group.TRANSACTION
SEVERITY = Severity.ERROR


def check(case: Case) -> Iterator[Finding]:
    """Every refused statement; the opt-out is offered with the first of them."""
    refused = InTransaction.REFUSED
    offered = False
    for index, operation in enumerate(case.operations):
        if operation.in_transaction is not refused:
            continue  # nearly always; an operation is refused where one of its actions is
        action = _refused(case, operation)
        if action is None:
            continue
        # A block that commits is itself what is refused in a transaction, and runs well outside of one.
        if is_block(case, operation) and action.kind != "do":
            yield _in_block(case, operation, action)
        elif index in case.flow.transactional and not _let_through(case, index):
            finding = _in_transaction(case, index, operation, action)
            if finding.fix is not None and offered:
                finding = Finding(finding.span, finding.message, finding.help)
            offered = offered or finding.fix is not None
            yield finding


def _refused(case: Case, operation: Operation) -> Action | None:
    """The first action that the engine refuses in a transaction, so far as the text shows it."""
    for action in operation.actions:
        if action.in_transaction is InTransaction.REFUSED:
            if action.kind == "pragma" and "journal-mode" in action.traits:
                # Only into WAL: SQLite changes the other modes in a transaction as well.
                return action if re.search(r"\bwal\b", case.text(action.span), re.IGNORECASE) else None
            if action.kind == "add-enum-value" and made_before(case, operation, action.target):
                return None  # PostgreSQL before 12 takes a value in the transaction that makes the type
            return action
    return None


def _let_through(case: Case, index: int) -> bool:
    """Whether the implicit transaction of a query is not one here, as it holds the statement of this operation
    alone."""
    mode = case.section.transaction
    if not mode.implicit:
        return False
    steps = placed(case)
    here = next(one for one in steps if index in one.indexes)
    if begin_before(case, here.step.span) is not None:
        return False
    if len(steps) == 1:
        return True
    # In a pipeline, statements that have run without ending the transaction are in the way, not those to come.
    ended = here.at == 0 or steps[here.at - 1].step.control in (Control.COMMIT, Control.ROLLBACK)
    return mode.pipeline and ended


def _in_block(case: Case, operation: Operation, action: Action) -> Finding:
    return Finding(
        head(case, operation, action),
        f"{case.dialect.title} refuses {opening(case, action.span)} here: a DO block always runs in a transaction",
        "Take the statement out of the block, and run it outside of a transaction",
    )


def _named(case: Case, action: Action) -> str:
    if not action.words:
        return opening(case, action.span)
    concurrently = "concurrently" in action.traits and "concurrently" not in action.words.lower()
    return said(action) + (" concurrently" if concurrently else "")


def _in_transaction(case: Case, index: int, operation: Operation, action: Action) -> Finding:
    message = (
        f"{case.dialect.title} refuses {_named(case, action)} inside a transaction, and "
        f"{who_opened(case, index, operation.statement)}"
    )
    span = head(case, operation, action)
    if index in case.flow.own:
        return Finding(span, message, "Move it out of the transaction that BEGIN opens")
    mode = case.section.transaction
    if mode.mode is Mode.NONE:
        return Finding(
            span, message, "Send it by itself: give it a StatementBegin and StatementEnd of its own, or none"
        )
    way = opt_out(case.migration, case.section)
    if way is None:
        if mode.implicit:
            return Finding(
                span, message, "Give it a file of its own: alone in it, it runs without a transaction"
            )
        whose = "run" if mode.mode is Mode.WHOLE_RUN else "migration"
        return Finding(span, message, f"Run it in a {whose} of its own, without a transaction")
    if not way.edits:
        return Finding(span, message, way.help)
    applicability = Applicability.SAFE if way.harmless else Applicability.UNSAFE
    return Finding(span, message, way.help, Fix(way.help, way.edits, applicability))
