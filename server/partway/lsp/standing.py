"""What a database said of a document's migration, laid over the document as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from partway.lsp.protocol import Raw, Ready, encoded

if TYPE_CHECKING:
    from partway.core.migration import Migration
    from partway.core.operation import Operation
    from partway.core.source import Span
    from partway.live.own import OperationState
    from partway.live.state import Standing
    from partway.lsp.positions import Positions


class Answer(NamedTuple):
    """How a text stands in a database. `said` is the JSON of `status`, `serial` another for each answer; `alarming`
    says whether there is anything to warn of."""

    database: str
    text: str
    operations: tuple[Operation, ...]
    standing: Standing
    said: dict[str, Any]
    serial: int
    alarming: bool


class Placed(NamedTuple):
    """An operation of the document as it is now, with its number (from 0) in the answer and what is true of it."""

    number: int
    operation: Operation
    state: OperationState


def placed(answer: Answer, text: str, migration: Migration | None) -> list[Placed]:
    """The operations of which the answer still tells: those that read as they did when it was asked.

    `migration` is what is read in the text now.
    """
    states = answer.standing.states
    if text == answer.text:
        return [
            Placed(index, one, state)
            for index, (one, state) in enumerate(zip(answer.operations, states, strict=True))
        ]
    asked: dict[tuple[str, str, str], list[int]] = {}
    for index, one in reversed(list(enumerate(answer.operations))):
        asked.setdefault(_key(one, answer.text), []).append(index)
    found = []
    for one in _way_up(migration):
        if numbers := asked.get(_key(one, text)):
            index = numbers.pop()
            found.append(Placed(index, one, states[index]))
    return found


def _key(operation: Operation, text: str) -> tuple[str, str, str]:
    start, end = operation.statement
    return operation.kind, operation.target, text[start:end]


def _way_up(migration: Migration | None) -> tuple[Operation, ...]:
    sections = migration.sections if migration is not None else ()
    return next((one.operations for one in sections if one.name == "up"), ())


_ERROR, _WARNING = 1, 2
#: States that are trouble by themselves, and their codes.
_TROUBLE = {"different": "state-different", "invalid": "state-invalid"}


def alarming(standing: Standing, said: dict[str, Any]) -> bool:
    """Whether there is anything to warn of, so that nobody looks for it with each key."""
    return bool(said["half_way"]) or any(str(one.state) in _TROUBLE for one in standing.states)


def diagnostics(answer: Answer, shown: list[Placed], positions: Positions) -> Iterator[Ready]:
    """What is wrong in the database: operations that something stands in the way of or that were left broken, and the
    place where the migration stopped."""
    stopped = _stopped_before(answer, shown)
    for one in shown:
        code = _TROUBLE.get(str(one.state.state))
        if code is not None:
            yield _diagnostic(code, _ERROR, f"{answer.database}: {one.state.reason}", one, positions)
        if one is stopped:
            message = f"{answer.said['sentence']} ({answer.database})"
            yield _diagnostic("half-applied", _WARNING, message, one, positions)


def _stopped_before(answer: Answer, shown: list[Placed]) -> Placed | None:
    """The first operation that is not known to be applied, where the migration is half way; the first of all where
    every one is, and it is the tool's table that says otherwise."""
    if not answer.said["half_way"]:
        return None
    point, states = answer.standing.point, answer.standing.states
    if point is not None:
        number = point.after + 1
    else:
        number = next((n for n, one in enumerate(states) if str(one.state) != "applied"), 0)
    number = number if number < len(states) else 0
    return next((one for one in shown if one.number == number), None)


def _diagnostic(code: str, severity: int, message: str, one: Placed, positions: Positions) -> Ready:
    where = positions.range(one.operation.span)
    return Ready(encoded(Raw(range=where, severity=severity, code=code, source="partway", message=message)))


def explained(answer: Answer, shown: list[Placed], offset: int) -> str:
    """What is true of the operations at an offset, as Markdown; empty where nothing is known."""
    here = [one for one in shown if one.operation.statement.start <= offset <= one.operation.statement.end]
    said = []
    for one in here:
        name = f" `{quoted(one.operation.kind)} {quoted(one.operation.target)}`" if len(here) > 1 else ""
        said.append(f"**{one.state.state}** on {plain(answer.database)}{name}: {described(one.state)}")
    return "\n\n".join(said)


def described(state: OperationState) -> str:
    """Reason, shapes and query of a state, as Markdown."""
    lines = [plain(state.reason)]
    if state.wanted:
        lines += ["", f"- wanted: `{quoted(state.wanted)}`", f"- found: `{quoted(state.found)}`"]
    if state.query:
        lines += ["", _fenced(state.query)]
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Text for a stretch of code: what is in a database may hold anything."""
    return " ".join(text.replace("`", "'").split())


_MARKUP = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_{}[]<>#|~"})


def plain(text: str) -> str:
    """Text as it stands, where Markdown is read."""
    return " ".join(text.split()).translate(_MARKUP)


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}sql\n{text}\n{fence}"


def marks(shown: list[Placed], text: str, asked: Span) -> Iterator[tuple[int, Placed]]:
    """Where in a stretch of the text the state of each operation is written: at the end of its first line, or behind
    it where it ends there."""
    for one in shown:
        start, end = one.operation.span
        line = text.find("\n", start)
        line = len(text) if line < 0 else line
        at = min(end, line)
        if at == end and text[at : at + 1] == ";":
            at += 1
        if text[at - 1 : at] == "\r":
            at -= 1
        if asked.start <= at <= asked.end:
            yield at, one
