"""Statements that need a transaction beside statements that are refused in one.

## What it does
With Flyway, reports a file that holds both statements which the engine refuses in a transaction and others,
where `mixed` is not set: Flyway refuses such a file before it runs anything. With other tools, reports the
statements that lose their transaction because the file opts out of it for the sake of another one, if they
cannot be repeated.

## Why it matters
Without the transaction, each statement is kept on its own when the next one fails. Only what is refused in
a transaction has to live with that.

## Bad
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY);
```
```sql postgresql bad tool=flyway at=2 run=no fix=no
ALTER TABLE users ADD COLUMN email text;
CREATE INDEX CONCURRENTLY users_email ON users (email);
```
```sql postgresql bad tool=goose at=3 fix=no
-- +goose NO TRANSACTION
-- +goose Up
ALTER TABLE users ADD COLUMN email text;
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
-- +goose Down
ALTER TABLE users DROP COLUMN IF EXISTS email;
```

```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
```
```ruby postgresql bad tool=rails at=5 fix=no
class AddAge < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!

  def change
    add_column :users, :age, :integer
    add_index :users, :age, algorithm: :concurrently
  end
end
```

## Good
```sql postgresql good tool=flyway
CREATE INDEX CONCURRENTLY users_id ON users (id);
```
```sql postgresql good tool=goose
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY users_id_again ON users (id);
-- +goose Down
DROP INDEX CONCURRENTLY users_id_again;
```

## Fix
None: move the statements that are refused in a transaction to a migration of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.migration import Step
from partway.core.operation import FILLS_SOME, InTransaction
from partway.rules._exposed import head, said
from partway.rules._transactions import first_line, lasting_operations, opening
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.TRANSACTION
SEVERITY = Severity.ERROR


def check(case: Case) -> Iterator[Finding]:
    """For Flyway the statement at which it gives up, for others the first one that loses its transaction."""
    mode = case.section.transaction
    if mode.opt_out is None or mode.implicit:
        return
    if not mode.mixable:
        yield from _refused_by_tool(case)
        return
    outside = next((op for op in case.operations if op.in_transaction is InTransaction.REFUSED), None)
    if outside is None or not case.dialect.transactional_ddl:
        return
    last = max((index for index, _ in lasting_operations(case)), default=-1)
    for index, exposure in sorted(case.exposures.items()):
        operation = case.operations[index]
        if operation.in_transaction is not InTransaction.ROLLS_BACK or index in case.flow.transactional:
            continue
        if exposure.stop is None or exposure.stop.after >= last:
            continue  # nothing is left that could fail after it
        if operation.statement == outside.statement:
            continue  # a call of a program that does both: nobody can move one of them
        if FILLS_SOME in operation.actions[0].traits:
            continue  # rows in pieces: each is to be kept by itself
        yield Finding(
            head(case, operation, operation.actions[0]),
            f"{said(operation.actions[0])} loses its transaction because of {opening(case, outside.statement)} on line "
            f"{case.line(outside.statement)}: the file opts out of the transaction that would roll it back",
            "Move the statements that are refused in a transaction to a migration of their own",
            severity=Severity.WARNING,
        )
        return


def _refused_by_tool(case: Case) -> Iterator[Finding]:
    steps = case.section.steps
    kinds = [_non_transactional(case, step) for step in steps]
    if len(set(kinds)) < 2:
        return
    at = kinds.index(not kinds[0])
    step, without = steps[at], steps[kinds.index(True)]
    yield Finding(
        first_line(case, step.span),
        f"Flyway refuses this file before it runs anything: {opening(case, without.span)} on line "
        f"{case.line(without.span)} cannot run in a transaction, other statements here can, and mixed is not set",
        "Move the statements that are refused in a transaction to a migration of their own",
    )


def _non_transactional(case: Case, step: Step) -> bool:
    """Whether the tool runs a statement outside of a transaction: what is refused there, or ignored."""
    directive = case.section.transaction.opt_out
    if directive is not None and step.span.start <= directive.start < step.span.end:
        return True
    return any(
        operation.in_transaction is InTransaction.REFUSED
        or any(action.kind == "pragma" and "foreign-keys" in action.traits for action in operation.actions)
        for operation in step.operations
    )
