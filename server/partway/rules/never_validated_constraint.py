"""A constraint that is added NOT VALID and never validated.

## What it does
Reports `ADD CONSTRAINT ... NOT VALID` where no `VALIDATE CONSTRAINT` of that name follows in the file, nor
stands in another migration beside it. Constraints of a table, or foreign keys of nullable columns, that the
same file has just made are left alone: no row can break them.

## Why it matters
Such a constraint holds for rows that come after it. Those that were there before may break it, so nobody
can rely on it: a dump of the database may not load, and PostgreSQL's planner does not use it.

## Bad
```sql postgresql setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
```
```sql postgresql bad fix=no
ALTER TABLE users ADD CONSTRAINT users_age CHECK (age >= 0) NOT VALID;
```

## Good
```sql postgresql good
ALTER TABLE users ADD CONSTRAINT users_age CHECK (age >= 0) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_age;
```
```sql postgresql good
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
ALTER TABLE orders ADD CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
```
```sql postgresql good validated=users_age
ALTER TABLE users ADD CONSTRAINT users_age CHECK (age >= 0) NOT VALID;
```

## Fix
None: write `ALTER TABLE ... VALIDATE CONSTRAINT ...` into a migration that runs after this one is
committed, so that the table is not locked for writers meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.operation import Action
from partway.core.postcondition import Postcondition
from partway.rules._exposed import head
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.RECOVERY
SEVERITY = Severity.WARNING

_SETTLED = frozenset({"validate-constraint", "drop-constraint", "rename-constraint", "drop-table"})


def check(case: Case) -> Iterator[Finding]:
    """Every constraint that stays NOT VALID on the way up."""
    if case.section.name != "up" or not case.has("add-constraint"):
        return
    for index, operation in enumerate(case.operations):
        for action in operation.actions:
            if action.kind != "add-constraint" or "not-valid" not in action.traits:
                continue
            fact = next((one for one in action.postconditions if one.object == "constraint"), None)
            name = fact.name.name if fact is not None else ""
            if (
                fact is None
                or not name
                or _holds_anyway(case, index, action)
                or _settled(case, index, fact)
                or any(map(case.validated_elsewhere, filter(None, (name, fact.reference))))
            ):
                continue
            yield Finding(
                head(case, operation, action),
                f"{name} is added NOT VALID and validated nowhere: rows that were there before it may break it",
                f"Validate it in a later migration: ALTER TABLE ... VALIDATE CONSTRAINT {name}",
            )


def _holds_anyway(case: Case, index: int, action: Action) -> bool:
    """Whether no row can break it: the section has just made its table, or its columns without a value in them."""
    fact = next((f for f in action.postconditions if f.object == "constraint"), None)
    if fact is None or fact.table is None:
        return False
    columns = set(dict(fact.attributes).get("columns", "").replace('"', "").split(", ")) - {""}
    empty: set[str] = set()
    for operation in case.operations[:index]:
        for earlier in operation.actions:
            if earlier.kind == "create-table" and earlier.target == str(fact.table):
                return "as-select" not in earlier.traits
            if earlier.kind == "add-column" and not any(
                name == "default" for one in earlier.postconditions for name, _ in one.attributes
            ):
                empty |= {one.name.name for one in earlier.postconditions if one.table == fact.table}
    return bool(columns) and columns <= empty and "foreign-key" in action.traits


def _settled(case: Case, index: int, constraint: Postcondition) -> bool:
    """Whether something later validates the constraint, takes it away, or gives it another name."""
    name, reference = constraint.name.name, constraint.reference
    for operation in case.operations[index:]:
        for action in operation.actions:
            if action.kind == "opaque" and name.lower() in case.text(operation.statement).lower():
                return operation is not case.operations[index]
            if action.kind not in _SETTLED:
                continue
            facts = action.postconditions
            means_it = any(
                f.name.name == name or (not f.name.name and f.reference == reference != "") for f in facts
            )
            if action.kind == "drop-table":
                means_it = _same_table(case, index, name, facts[0].name.name if facts else "")
            if means_it:
                return True
    return False


def _same_table(case: Case, index: int, name: str, dropped: str) -> bool:
    return any(
        fact.object == "constraint"
        and fact.name.name == name
        and fact.table is not None
        and fact.table.name == dropped
        for fact in case.operations[index].postconditions
    )
