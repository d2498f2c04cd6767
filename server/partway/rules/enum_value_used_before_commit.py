"""A new value of an enum that is used in the transaction which adds it.

## What it does
On PostgreSQL, reports a statement that uses a value which `ALTER TYPE ... ADD VALUE` has added earlier in
the same transaction. It is an error where the value is cast to the type, or goes to a column that this file
gives the type; a warning where the column may be of another type. A value of a type that is made in the
same transaction can be used at once.

## Why it matters
PostgreSQL refuses it: `unsafe use of new value`. The value is of use only when the transaction that adds it
is committed, so with a tool that runs each migration in one transaction the migration fails every time.

## Bad
```sql postgresql setup
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (id bigint PRIMARY KEY, mood mood);
```
```sql postgresql bad tool=flyway at=2 version=15 fix=no run=no
ALTER TYPE mood ADD VALUE 'ok';
UPDATE users SET mood = 'ok'::mood WHERE mood IS NULL;
```
```sql postgresql bad tool=flyway at=2 version=15 fix=no run=no
ALTER TYPE mood ADD VALUE 'fair';
ALTER TABLE users ALTER COLUMN mood SET DEFAULT 'fair';
```

## Good
```sql postgresql good tool=flyway version=15
ALTER TYPE mood ADD VALUE 'bored';
COMMENT ON TYPE mood IS 'bored';
```
```sql postgresql good tool=flyway version=15
CREATE TYPE colour AS ENUM ('red');
ALTER TYPE colour ADD VALUE 'blue';
CREATE TABLE cars (id bigint PRIMARY KEY, colour colour DEFAULT 'blue');
```

## Fix
None: move what uses the value to a later migration.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.operation import Action, InTransaction, Operation
from partway.core.postcondition import Name
from partway.rules._exposed import head, said
from partway.rules._transactions import made_before, together
from partway.rules.case import Case
from partway.rules.rule import Finding
from partway.sql.lexer import STRING, Token, lex

GROUP = Group.TRANSACTION
SEVERITY = Severity.ERROR

#: Kinds whose strings are values that PostgreSQL reads at once. In others they are comments, names, code, or what
#: defines the value.
_READS = frozenset(
    {
        "insert",
        "update",
        "delete",
        "merge",
        "select",
        "add-column",
        "alter-column",
        "add-constraint",
        "create-index",
    }
    | {"create-view", "create-materialized-view", "create-table", "create-policy", "alter-policy"}
    | {"attach-partition", "create-domain"}
)


def check(case: Case) -> Iterator[Finding]:
    """The first statement that uses each new value."""
    if not case.has("add-enum-value"):
        return
    for index, operation in enumerate(case.operations):
        if index not in case.flow.transactional or operation.in_transaction is InTransaction.UNKNOWN:
            continue
        for action in operation.actions:
            if action.kind == "add-enum-value" and action.postconditions:
                yield from _uses(case, index, operation, action)


def _uses(case: Case, index: int, adding: Operation, added: Action) -> Iterator[Finding]:
    fact = added.postconditions[0]
    type_ = fact.table
    if type_ is None or made_before(case, adding, str(type_)):
        return
    for later in range(index + 1, len(case.operations)):
        operation = case.operations[later]
        if later not in case.flow.transactional or not together(case, adding.statement, operation.statement):
            return
        for action in operation.actions:
            if action.kind not in _READS:
                continue
            sure = _use(case, action, fact.name.name, type_)
            if sure is None:
                continue
            condition = "" if sure else f" if it is the {type_} that is meant"
            yield Finding(
                head(case, operation, action),
                f"PostgreSQL refuses {said(action)}{condition}: it uses '{fact.name.name}', which ALTER TYPE on line "
                f"{case.line(adding.statement)} adds to {type_} in the same transaction, before that is committed",
                "Move what uses the new value to a later migration",
                severity=None if sure else Severity.WARNING,
            )
            return


def _use(case: Case, action: Action, value: str, type_: Name) -> bool | None:
    """Whether an action uses the value: True where it surely is of this type, False where only the text is the same,
    None where it does not appear."""
    text = case.migration.source.text
    tokens = lex(text, case.dialect.lexis, *action.span).tokens
    written = "'" + value.replace("'", "''") + "'"
    found: bool | None = None
    for at, (kind, start, end, _) in enumerate(tokens):
        if kind != STRING or text[start:end] != written:
            continue
        cast_to = _cast(text, tokens, at)
        if cast_to == type_.name.lower() or (tokens[at - 1][3] == "DEFAULT" and _typed(action, type_)):
            return True
        if not cast_to:
            found = False
    return found


def _cast(text: str, tokens: list[Token], at: int) -> str:
    """The type that the string here is cast to, without its schema: `'x'::mood`, `CAST('x' AS app.mood)`."""
    if tokens[at + 1 : at + 2] == [] or tokens[at + 1][3] not in ("::", "AS"):
        return ""
    names = [text[start:end].strip('"').lower() for _, start, end, _ in tokens[at + 2 : at + 5]]
    return names[2] if names[1:2] == ["."] and len(names) > 2 else "".join(names[:1])


def _typed(action: Action, type_: Name) -> bool:
    """Whether the action itself gives its column this type, as `ADD COLUMN c mood DEFAULT 'x'` does."""
    return any(
        fact.object == "column"
        and dict(fact.attributes).get("type", "").replace('"', "").lower() == str(type_).lower()
        for fact in action.postconditions
    )
