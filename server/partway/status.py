"""How a migration stands in a database: asked through one session, and as JSON and one sentence for people."""

from __future__ import annotations

from typing import Any, NamedTuple

from partway.analysis import Analysis
from partway.core.operation import Operation
from partway.core.postcondition import Name
from partway.inspection import document as inspected
from partway.live.own import State
from partway.live.sessions.session import Session
from partway.live.snapshot.model import Snapshot
from partway.live.snapshot.take import take_snapshot
from partway.live.state import Standing, standing
from partway.tools.recorded import Recorded
from partway.verdict import Judged, Verdict


def operations_of(analysis: Analysis) -> tuple[Operation, ...]:
    """What the migration does on its way up, in order."""
    sections = analysis.sections
    section = next((one.section for one in sections if one.section.name == "up"), None)
    return section.operations if section is not None else ()


def ask(session: Session, analysis: Analysis) -> tuple[Standing, Snapshot]:
    """How the migration stands in the session's database. Raises Unreachable."""
    operations = operations_of(analysis)
    snapshot = take_snapshot(session, operations)
    return standing(operations, snapshot), snapshot


class Told(NamedTuple):
    """What a tool's books say of a migration: the tracking table, the record, and the verdict of both together."""

    table: Name
    recorded: Recorded
    judged: Judged
    held: str = ""


def document(
    path: str,
    analysis: Analysis,
    found: Standing,
    snapshot: Snapshot,
    database: str,
    told: Told | None = None,
) -> dict[str, Any]:
    """What the JSON of `status` says of one file: that of `inspect`, with the state of each operation on the way up."""
    said = inspected(path, analysis)
    states = iter(found.states)
    for operation in said["operations"]:
        state = next(states, None) if operation["section"] == "up" else None
        operation["state"] = str(state.state) if state is not None else None
        operation["reason"] = state.reason if state is not None else None
        operation["query"] = (state.query or None) if state is not None else None
        shapes = state is not None and state.state is State.DIFFERENT
        operation["shapes"] = {"wanted": state.wanted, "found": state.found} if shapes and state else None
    point = found.point
    said["operation_count"] = len(found.states)
    said["database"] = database
    said["half_way"] = found.half_way if told is None else told.judged.troubled
    said["sentence"] = verdict_sentence(path, analysis, found, told)
    said["failure_point"] = None if point is None else {"after": point.after, "before": point.before}
    said["history"] = None if told is None else history(told)
    said["not_read"] = dict(snapshot.unseen)
    said["hidden"] = snapshot.hidden or None
    said["locked"] = [str(name) for name in snapshot.locked]
    return said


def history(told: Told) -> dict[str, Any]:
    """What the JSON of `status` says of a tool's books."""
    recorded, entry = told.recorded, told.recorded.entry
    return {
        "table": str(told.table),
        "record": str(recorded.record),
        "verdict": str(told.judged.verdict),
        "words": told.judged.words,
        "at": entry.at or None if entry is not None else None,
        "by": entry.by or None if entry is not None else None,
        "edited": recorded.edited,
        "later": list(recorded.later),
        "earlier": list(recorded.earlier),
        "in_progress": told.held or None,
    }


#: Verdicts beside which it is worth saying what the catalog says by itself.
_BESIDE = frozenset({Verdict.HALF_WAY, Verdict.IN_PROGRESS, Verdict.UNCLEAR})


def verdict_sentence(path: str, analysis: Analysis, found: Standing, told: Told | None) -> str:
    """The answer in one sentence: the verdict where there are books, and what the catalog says."""
    name, operations = name_of(path, analysis), operations_of(analysis)
    if told is None:
        return sentence(name, operations, found)
    beside = told.judged.verdict in _BESIDE and operations
    return f"{name}: {told.judged.words}" + (f"; {sentence('it', operations, found)}" if beside else "")


def name_of(path: str, analysis: Analysis) -> str:
    """What people call the migration: its file's name without the ending."""
    return stem(path) or analysis.migration.identity


def stem(path: str) -> str:
    """A migration's file without its ending; its folder where every migration's file is called the same."""
    parts = path.replace("\\", "/").split("/")
    name = parts[-1].partition(".")[0]
    return parts[-2] if name in ("up", "migration", "index") and len(parts) > 1 else name


def sentence(name: str, operations: tuple[Operation, ...], found: Standing) -> str:
    """The answer in one sentence."""
    total = len(operations)
    if not total:
        return f"{name} has no operations"
    point = found.point
    if point is None:
        return _off_prefix(name, found)
    if point.after == total - 1:
        return f"{name} is applied in full"
    if point.before == 0:
        stuck = next((one for one in found.states if one.state in _STUCK), None)
        return f"{name} has not begun" + (f": {stuck.reason}" if stuck is not None else "")
    if point.after < 0 and point.before == total:
        return f"whether {name} ran cannot be told: nothing that it does shows in the catalog"
    done = _done(operations, point.after)
    if point.before == point.after + 1:
        stuck = found.states[point.before]
        why = f": {stuck.reason}" if stuck.state in _STUCK else ""
        return f"{name} {done} and stopped before {doing(operations[point.before])}{why}"
    between = (
        f"operation {point.after} and {point.before}" if point.after >= 0 else f"operation {point.before}"
    )
    hidden = operations[point.after + 1]
    words = "between" if point.after >= 0 else "before"
    end = "its end" if point.before == total else between
    if point.before == total:
        return f"{name} {done}; whether it stopped before {doing(hidden)}, or ran to {end}, cannot be told"
    return f"{name} {done} and stopped {words} {between}: whether {doing(hidden)} ran shows nowhere"


_STUCK = frozenset({State.DIFFERENT, State.INVALID})


def _off_prefix(name: str, found: Standing) -> str:
    counts = {state: sum(one.state is state for one in found.states) for state in State}
    said = ", ".join(f"{number} {state}" for state, number in counts.items() if number)
    return f"{name} stands at no point at which it can have stopped ({said}): something else has changed the database"


def _done(operations: tuple[Operation, ...], after: int) -> str:
    if after < 0:
        return "may have begun"
    if after == 0:
        return did(operations[0])
    if after == 1:
        return f"{did(operations[0])}, {did(operations[1])}"
    return f"applied {after + 1} of {len(operations)} operations, the last of which {did(operations[after])},"


#: The verbs of kinds: what was done, and what is being done.
_VERBS = {
    "create": ("created", "creating"),
    "add": ("added", "adding"),
    "drop": ("dropped", "dropping"),
    "alter": ("altered", "altering"),
    "rename": ("renamed", "renaming"),
    "validate": ("validated", "validating"),
    "set": ("set", "setting"),
    "attach": ("attached", "attaching"),
    "detach": ("detached", "detaching"),
    "convert": ("converted", "converting"),
    "refresh": ("refreshed", "refreshing"),
    "insert": ("inserted into", "inserting into"),
    "update": ("updated", "updating"),
    "delete": ("deleted from", "deleting from"),
    "truncate": ("truncated", "truncating"),
    "comment": ("commented on", "commenting on"),
    "grant": ("granted on", "granting on"),
    "revoke": ("revoked on", "revoking on"),
}
_CONSTRAINTS = ("foreign-key", "primary-key", "unique", "check", "exclude", "not-null")


def did(operation: Operation) -> str:
    """`created table roles`."""
    return _said(operation, 0)


def doing(operation: Operation) -> str:
    """`adding foreign key users.fk`."""
    return _said(operation, 1)


def _said(operation: Operation, form: int) -> str:
    verb, _, noun = operation.kind.partition("-")
    if operation.kind == "opaque":
        return ("ran", "running")[form] + f" what could not be read ({operation.target or 'a statement'})"
    if noun == "constraint" and operation.actions:
        noun = next((one for one in _CONSTRAINTS if one in operation.actions[0].traits), noun)
    if verb not in _VERBS:
        return f"{('ran', 'running')[form]} {operation.kind} {operation.target}".strip()
    return " ".join(part for part in (_VERBS[verb][form], noun.replace("-", " "), operation.target) if part)
