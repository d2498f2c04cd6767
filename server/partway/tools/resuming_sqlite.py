"""Resume migrations where SQL has no condition: SQLite. What is left of the migration, behind a check that it stopped
at this very point, in one transaction, which takes back what ran before a failure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from partway.core.migration import Mode
from partway.core.operation import InTransaction
from partway.core.postcondition import Name
from partway.dialects.catalog import Catalog
from partway.sql.guards.formula import already
from partway.sql.guards.frame import Frame
from partway.tools.resuming import CannotResume, Request, Step, statements

if TYPE_CHECKING:
    from partway.tools.resuming_sql import Body

_UNIT = "    "
_CHECK = "the migration has not stopped here"


def parts(body: Body) -> list[str]:
    """The statements. Raises CannotResume."""
    every = _guarded(body, body.request.steps)
    if None not in every:
        return [one for one in every if one is not None]
    left = [step for step in body.request.steps if step.ran is not True]
    guarded = _guarded(body, left)
    said = [one or _said(body, group[-1]) for one, group in zip(guarded, statements(left), strict=True)]
    found = [*_check(body, left, guarded), *said]
    return ["BEGIN;", *found, "COMMIT;"] if None in guarded and _may_begin(body.request, left) else found


def is_general(body: Body) -> bool:
    """Whether every statement has a guard of its own."""
    return None not in _guarded(body, body.request.steps)


def _guarded(body: Body, steps: Sequence[Step]) -> list[str | None]:
    """Each statement with the words that guard it; None for one that has none."""
    return [_guard(body, group) if not body.style.later else None for group in statements(steps)]


def _guard(body: Body, group: Sequence[Step]) -> str | None:
    step = group[-1]
    if len(group) == 1 and step.empty is not None and step.number > body.settled:
        return _where_empty(body.frame(step.operation), step.empty, body.catalog)
    return body.guarded(tuple(group))


def _said(body: Body, step: Step) -> str:
    frame = body.frame(step.operation)
    if step.empty is not None and step.ran is None:
        found = _where_empty(frame, step.empty, body.catalog)
        if found is None:
            raise CannotResume(
                f"whether operation {step.number}, insert {step.operation.target}, ran shows only in the rows",
                f"Look at them, and say so: --assume-applied {step.number} or --assume-pending {step.number}",
                undecided=step.number,
            )
        return found
    if step.ran is None and (step.unless or step.joined):
        raise CannotResume(
            f"operation {step.number}, {step.operation.kind} {step.operation.target}, can stand behind no condition in"
            " SQLite's SQL",
            "Ask the database which operations have run (--database), or say how many (--applied)",
        )
    return body.plain(frame)


def _check(body: Body, left: Sequence[Step], guarded: Sequence[str | None]) -> list[str]:
    """The statements that fail where something else has run than was found: less, or where a statement that is left has
    no guard, also more."""
    later, catalog = body.style.later, body.catalog
    conditions: list[str] = [f"NOT {later}"] if later else []
    before = [step for step in body.request.steps if step.ran is True and step.unless]
    if before:
        conditions.append(already(before[-1].unless, catalog))
    first = next((step for step in left if step.unless), None) if None in guarded else None
    if first is not None:
        conditions.append(f"NOT {already(first.unless, catalog)}")
    if not conditions:
        return []
    lines = [
        f"-- Fails where {_CHECK}.",
        f'CREATE TEMP TABLE partway_point (here INTEGER CONSTRAINT "{_CHECK}" CHECK (here));',
        f"INSERT INTO partway_point SELECT {conditions[0]}",
        *(f"{_UNIT}AND {condition}" for condition in conditions[1:]),
    ]
    lines[-1] += ";"
    return ["\n".join([*lines, "DROP TABLE partway_point;"])]


def _may_begin(request: Request, left: Sequence[Step]) -> bool:
    """Whether nothing else has opened a transaction by then, and everything can run in one."""
    section = next((one for one in request.migration.sections if one.name == "up"), None)
    if section is None or section.transaction.mode is not Mode.NONE or section.transaction.uncertain:
        return False
    actions = [action for step in left for action in step.operation.actions]
    return all(action.in_transaction is InTransaction.ROLLS_BACK for action in actions)


def _where_empty(frame: Frame, empty: Name, catalog: Catalog) -> str | None:
    """An INSERT that adds its rows only to an empty table; None for one that cannot be put so."""
    depth, at = 0, -1
    for _, start, _, word in frame.lexed.tokens:
        depth += (word == "(") - (word == ")")
        if depth == 0 and word in ("VALUES", "SELECT", "WITH"):
            at = start
            break
    more = {word for _, _, _, word in frame.lexed.tokens} & {"CONFLICT", "RETURNING"}
    if at < 0 or more:
        return None
    head, query = frame.text[frame.span.start : at].rstrip(), frame.text[at : frame.span.end]
    where = f"WHERE NOT EXISTS (SELECT 1 FROM {catalog.qualified(empty)})"  # noqa: S608 # quoted
    return f"{head}\nSELECT * FROM ({query})\n{where};"
