"""A migration that can stop half way and cannot simply be run again.

## What it does
Says once for a migration how many commit points it has, where at least one statement before such a point
cannot be repeated, or may not be, and other statements follow. A migration whose statements are all guarded
or repeatable is not reported, nor is one that runs in a transaction which the database can roll back.

## Why it matters
When a statement behind a commit point fails, what stands before it stays, and the migration is not recorded
as done. The tool runs it again from the beginning, and a statement that has been done already fails, or is
done twice.

## Bad
```sql mysql bad tool=flyway fix=no
CREATE TABLE roles (id bigint PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE grants (id bigint PRIMARY KEY, role_id bigint NOT NULL);
```

## Good
```sql mysql good tool=flyway
CREATE TABLE IF NOT EXISTS roles (id bigint PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE IF NOT EXISTS grants (id bigint PRIMARY KEY, role_id bigint NOT NULL);
```
```sql postgresql good tool=flyway
CREATE TABLE roles (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE grants (id bigint PRIMARY KEY, role_id bigint NOT NULL);
```

## Fix
None of its own: the rules about single statements offer theirs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from partway.core.diagnostic import Group, Severity
from partway.core.migration import Mode
from partway.core.operation import NOT_REACHED_AGAIN, SETTLED, InTransaction, Operation, Repeat
from partway.core.source import Span
from partway.rules._transactions import DATA, first_line
from partway.rules.case import Case, Exposure
from partway.rules.rule import Finding

GROUP = Group.RECOVERY
SEVERITY = Severity.INFO


def check(case: Case) -> Iterator[Finding]:
    """One finding for the section, on its first operation."""
    points = case.flow.commit_points
    if case.flow.units < 2 or not points:
        return
    found = case.flow.lasting
    last = found[-1] if found else -1
    earliest = _met_first(case, last)
    stop = next((point for point in points if earliest <= point.after < last), None)
    if stop is None:
        return
    sure = any(_kept_from(exposure) < last for exposure in case.exposures.values()) or any(
        _is_passed_over(case.operations[index]) for index in found[:-1]
    )
    kept = bisect_right(found, stop.after)
    inner = bisect_left(points, last, key=lambda point: point.after)
    again = "it cannot simply be run again" if sure else _unsure(case, last)
    yield Finding(
        first_line(case, case.operations[found[0]].span),
        f"{len(found)} {_pieces(case)}, {inner} commit {'point' if inner == 1 else 'points'} between them: a failure "
        f"after line {_last_line(case, case.operations[stop.after])} leaves "
        f"{'the first one' if kept == 1 else f'the first {kept}'} done and the migration not recorded, and {again}",
        _help(case),
    )


def _unsure(case: Case, last: int) -> str:
    """Why nobody knows whether it can be run again: for what the rows are, or for what a call does."""
    kinds = {
        case.operations[index].kind
        for index in case.flow.lasting
        if index < last and _is_unsure(case.operations[index])
    }
    if kinds <= DATA - {"run-python"}:
        return "whether it can be run again depends on the data"
    return "this file does not tell whether it can be run again"


def _pieces(case: Case) -> str:
    """What is counted: where a call of a program sends several statements, an engineer would count one operation."""
    spans = {case.operations[index].span for index in case.flow.lasting}
    return "operations" if len(spans) == len(case.flow.lasting) else "statements"


def _met_first(case: Case, last: int) -> int:
    """The first operation after which a repeat runs into anything, or may; `last` where it never does."""
    earliest = last
    for index in case.flow.lasting:
        if index >= earliest:
            break  # nothing is met before it has been done
        met = _met_from(case, index, case.operations[index])
        if met is not None and met < earliest:
            earliest = met
    return earliest


def _met_from(case: Case, index: int, operation: Operation) -> int | None:
    """The operation after which a repeat runs into this one, or may; None where it never does."""
    exposure = case.exposures.get(index)
    if exposure is not None:
        return max(index, _kept_from(exposure))
    return index if _is_unsure(operation) or _is_passed_over(operation) else None


def _is_unsure(operation: Operation) -> bool:
    """Whether nobody knows what a second run of it does."""
    return operation.repeat is Repeat.UNKNOWN and not any(
        SETTLED in action.traits for action in operation.actions
    )


def _is_passed_over(operation: Operation) -> bool:
    """Whether a second run ends before it, and before whatever comes behind it."""
    return any(NOT_REACHED_AGAIN in action.traits for action in operation.actions)


def _last_line(case: Case, operation: Operation) -> int:
    """The line that the operation's statement ends on."""
    end = operation.statement.end
    return case.line(Span(end, end))


def _help(case: Case) -> str:
    """The shorter way where the database would roll everything back, if only a transaction were open."""
    could_roll_back = case.dialect.transactional_ddl and all(
        operation.in_transaction is InTransaction.ROLLS_BACK for operation in case.operations
    )
    mode = case.section.transaction
    if could_roll_back and mode.mode is Mode.NONE and mode.opt_out is None and not case.flow.own:
        return "Run it in one transaction, or make each operation repeatable"
    return "Make each operation repeatable, so that the migration can be run again wherever it stopped"


def _kept_from(exposure: Exposure) -> int:
    """The operation after which one that a repeat runs into is kept. What leaves something behind by its own failure
    runs outside of a transaction, so it is kept as soon as it is done."""
    return exposure.stop.after if exposure.stop is not None else exposure.operation
