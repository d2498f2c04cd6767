"""A BEGIN that nothing ends, where nobody else will.

## What it does
Reports `BEGIN` or `START TRANSACTION` without a `COMMIT` or `ROLLBACK` after it, in a file that the tool
runs without a transaction of its own.

## Why it matters
The connection is closed with the transaction open, and the server rolls all of it back. The tool has met no
error, so it may well report, and even record, a migration of which nothing is left. Where the connection
lives on, the next statements run inside the forgotten transaction and share its end.

## Bad
```sql postgresql bad
BEGIN;
CREATE TABLE roles (id bigint PRIMARY KEY);
```

## Good
```sql postgresql good
BEGIN;
CREATE TABLE roles (id bigint PRIMARY KEY);
COMMIT;
```

## Fix
Writes `COMMIT;` at the end of the section. Unsafe: perhaps `BEGIN` was what should not be there.
"""

from __future__ import annotations

from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.edit import Applicability, Edit, Fix
from partway.core.migration import Mode
from partway.core.source import Span
from partway.rules._transactions import lasting_operations, opening
from partway.rules.case import Case
from partway.rules.rule import Finding

GROUP = Group.TRANSACTION
SEVERITY = Severity.ERROR


def check(case: Case) -> Iterator[Finding]:
    """The BEGIN that is open at the end."""
    begun = case.flow.open_at_end
    mode = case.section.transaction
    if begun is None or (mode.mode is not Mode.NONE and not mode.implicit):
        return
    if not any(operation.statement.start > begun.start for _, operation in lasting_operations(case)):
        return
    last = case.section.steps[-1].span
    text, newline = case.migration.source.text, case.migration.source.newline
    after = last.end
    while after < len(text) and text[after] in " \t":
        after += 1
    terminated = text[after : after + 1] == ";"
    at = after + 1 if terminated else last.end
    edit = Edit(Span(at, at), f"{'' if terminated else ';'}{newline}COMMIT;")
    yield Finding(
        begun,
        f"Nothing ends the transaction that {opening(case, begun)} opens: what follows is rolled back when the "
        "connection closes",
        "Write COMMIT at the end",
        Fix("Write COMMIT at the end", (edit,), Applicability.UNSAFE),
    )
