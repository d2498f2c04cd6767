"""Resume migrations where SQL has no condition: SQLite. What is left of the migration, behind a check that it stopped
at this very point, in one transaction, which takes back what ran before a failure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from partway.core.migration import Mode
from partway.core.operation import Repeat
from partway.core.postcondition import Name
from partway.dialects.catalog import Catalog
from partway.sql.guards.formula import all_hold
from partway.sql.guards.frame import Frame
from partway.tools.resuming import CannotResume, Step, statements

if TYPE_CHECKING:
    from partway.tools.resuming_sql import Body

_UNIT = "    "
#: So long may a condition be that stands behind the INSERT which it belongs to.
_WIDEST = 80
#: Settings that are kept in the file, and last.
_LASTING = frozenset(
    {"user-version", "application-id", "journal-mode", "auto-vacuum", "encoding", "page-size"}
)
_CHECK = "the migration has not stopped here"


def parts(body: Body) -> list[str]:
    """The statements. Raises CannotResume."""
    request = body.request
    every = _guarded(body, statements(request.steps))
    if None not in every:
        return [one for one in every if one is not None]
    left = [step for step in request.steps if step.ran is not True or _is_setting(step)]
    _refuse_what_would_run_again(body, left)
    groups = statements(left)
    said = [one or _said(body, group[-1]) for one, group in zip(_guarded(body, groups), groups, strict=True)]
    check = _check(body)
    found: list[str] = []
    for settings, several in groupby(zip(groups, said, strict=True), lambda each: _is_setting(each[0][0])):
        texts = [text for _, text in several]
        # A setting such as PRAGMA foreign_keys does nothing inside a transaction.
        found += texts if settings else _in_transaction(body, [*check, *texts])
        check = check if settings else []
    return found


def _refuse_what_would_run_again(body: Body, left: Sequence[Step]) -> None:
    """Where the check holds after the last of them as it does before the first."""
    changing = [step for step in left if not _is_setting(step) and not _may_run_again(body, step)]
    if body.request.alike_at_end and changing:
        numbers = ",".join(str(step.number) for step in changing)
        raise CannotResume(
            f"nothing that this could ask tells a database on which operation {changing[0].number} has not run from one"
            " on which all have, so that it would do what is left twice if it were run twice",
            f"Run what is left by hand; or say that it has not run, and run it once: --assume-pending {numbers}",
        )


def _may_run_again(body: Body, step: Step) -> bool:
    return bool(body.request.here) and (step.operation.repeat is Repeat.SAME or step.again)


def is_general(body: Body) -> bool:
    """Whether every statement has a guard of its own."""
    return None not in _guarded(body, statements(body.request.steps))


def _guarded(body: Body, groups: Sequence[tuple[Step, ...]]) -> list[str | None]:
    """Each statement with the words that guard it; None for one that has none."""
    return [_guard(body, group) if not body.style.later else None for group in groups]


def _guard(body: Body, group: tuple[Step, ...]) -> str | None:
    step = group[-1]
    if len(group) == 1 and step.empty is not None and not step.joined and step.number > body.settled:
        return _where_empty(body.frame(step.operation), step.empty, body.catalog)
    return body.plain(body.frame(step.operation)) if _is_setting(step) else body.guarded(group)


def _is_setting(step: Step) -> bool:
    """Whether it sets something for its session, which each session needs."""
    traits = {trait for action in step.operation.actions for trait in action.traits}
    return step.operation.kind == "pragma" and not traits & _LASTING


def _said(body: Body, step: Step) -> str:
    frame = body.frame(step.operation)
    if step.empty is not None and step.operation.kind != "insert":
        return body.plain(frame)  # it makes, fills or drops a temporary table
    if step.empty is not None and step.ran is None:
        found = _where_empty(frame, step.empty, body.catalog)
        if found is None:
            raise CannotResume(
                f"whether operation {step.number}, insert {step.operation.target}, ran shows only in the rows",
                f"Look at them, and say so: --assume-applied {step.number} or --assume-pending {step.number}",
                undecided=step.number,
            )
        return found
    if step.ran is None and (step.unless or step.joined) and not _may_run_again(body, step):
        if body.request.here:
            raise CannotResume(
                f"whether operation {step.number}, {step.operation.kind} {step.operation.target}, ran shows"
                " nowhere, and SQLite's SQL has no condition that it could stand behind",
                f"Look at what is there, and say so: --assume-applied {step.number} or --assume-pending {step.number}",
                undecided=step.number,
            )
        raise CannotResume(
            f"operation {step.number}, {step.operation.kind} {step.operation.target}, can stand behind no condition in"
            " SQLite's SQL",
            "Ask the database which operations have run (--database), or say how many (--applied)",
        )
    return body.plain(frame)


def _check(body: Body) -> list[str]:
    """The statements that fail where the migration has stopped elsewhere, or a later one has run."""
    later = body.style.later
    conditions = [[f"NOT {later}"]] if later else []
    conditions += all_hold(body.request.here, body.catalog, _UNIT)
    if not conditions:
        return []
    asked = [*conditions[0], *(line for first, *more in conditions[1:] for line in (f"AND {first}", *more))]
    insert = "INSERT INTO partway_point SELECT"
    lines = [
        f"-- Fails where {_CHECK}.",
        f'CREATE TEMP TABLE partway_point (here INTEGER CONSTRAINT "{_CHECK}" CHECK (here));',
        *([f"{insert} {asked[0]}"] if len(asked) == 1 and len(asked[0]) < _WIDEST else [insert]),
    ]
    if lines[-1] == insert:
        lines += [_UNIT + line for line in asked]
    lines[-1] += ";"
    return ["\n".join([*lines, "DROP TABLE partway_point;"])]


def _in_transaction(body: Body, texts: list[str]) -> list[str]:
    """The statements in a transaction of their own, unless the tool opens one."""
    section = next((one for one in body.request.migration.sections if one.name == "up"), None)
    own = section is not None and section.transaction.mode is Mode.NONE and not section.transaction.uncertain
    if not own and not body.style.alone:
        return texts
    return ["BEGIN;", *texts, "COMMIT;"] if len(texts) > 1 else texts


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
