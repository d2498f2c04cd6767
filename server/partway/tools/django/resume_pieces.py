"""The operations of a half-run migration one by one, each with the statements that it sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.core.postcondition import Name
from partway.core.source import Span
from partway.tools.django.backends import BACKENDS
from partway.tools.django.forwards import known
from partway.tools.django.program import Program, in_hand
from partway.tools.django.values import Call
from partway.tools.python_strings import Text
from partway.tools.resuming import CannotResume, Formula, LeftOut, Step

#: What holds for the session alone, and shows nowhere.
_SESSION = frozenset({"set", "begin", "commit"})
_FIELD = (("model_name", 0), ("name", 1))
#: The arguments that name what an operation is about.
_NAMED = {
    "RenameModel": (("old_name", 0),),
    "RenameField": (("model_name", 0), ("old_name", 1)),
    "RenameIndex": (("model_name", 0), ("new_name", 1)),
    **dict.fromkeys(
        ("AddField", "RemoveField", "AlterField", "RemoveIndex", "RemoveIndexConcurrently"), _FIELD
    ),
    **dict.fromkeys(("RemoveConstraint", "ValidateConstraint"), _FIELD),
    **dict.fromkeys(("AddIndex", "AddIndexConcurrently", "AddConstraint"), (("model_name", 0),)),
    **dict.fromkeys(("RunSQL", "RunPython"), ()),
}


class Piece(NamedTuple):
    """What runs as one: an operation, or one statement of a RunSQL with several.

    `kind` is Django's own operation that it is or derives from; `now` are the statements that it sends at once, the
    first of them the migration's operation number `first`; `later` are those that are put off to the end of the
    migration. `nested`: it stands in a SeparateDatabaseAndState; `whole` is False for a statement of a RunSQL.
    """

    call: Call
    kind: str
    first: int
    now: tuple[Operation, ...]
    later: tuple[Operation, ...]
    nested: bool = False
    whole: bool = True

    @property
    def telling(self) -> tuple[Operation, ...]:
        """The statements that leave anything behind."""
        return tuple(one for one in self.now if one.kind not in _SESSION)

    @property
    def said(self) -> str:
        """The operation in words."""
        names = [self.call.text(name, at) for name, at in _NAMED.get(self.kind, (("name", 0),))]
        return " ".join(filter(None, (self.call.kind, ".".join(filter(None, names)))))


class Shown(NamedTuple):
    """What shows that a piece has run: a formula, rows in the table that it is the first to fill, or, where `unless` is
    None, nothing, so that it runs with what is before it. `blind` as in `Step`."""

    unless: Formula | None = ()
    empty: Name | None = None
    blind: bool = False


def shown(piece: Piece, steps: Sequence[Step], left_out: Sequence[LeftOut]) -> Shown:
    """What the plan says of a piece."""
    step = next((one for one in steps if one.number == piece.first and piece.telling), None)
    if step is not None:
        return Shown(None if step.joined else step.unless, step.empty, step.blind)
    return Shown(None if any(one.number == piece.first for one in left_out) else ())


def built_alone(piece: Piece) -> Iterator[tuple[str, str]]:
    """Tables and names of the indexes that a statement of its author's builds concurrently: what a failure leaves of
    them is in the way."""
    for action in (action for one in piece.now for action in one.actions):
        fact = action.postconditions[0] if action.postconditions else None
        builds = piece.kind == "RunSQL" and action.kind == "create-index" and "concurrently" in action.traits
        if (
            builds
            and fact is not None
            and fact.name.name
            and fact.table is not None
            and not fact.table.schema
        ):
            yield fact.table.name, fact.name.name


def pieces(migration: Migration) -> tuple[Program, tuple[Piece, ...]]:
    """The file's program, and its operations in the order in which they run. Raises CannotResume."""
    program = in_hand(migration.source.text, BACKENDS[migration.dialect].editor)
    section = next((one for one in migration.sections if one.name == "up"), None)
    operations = section.operations if section is not None else ()
    found: list[Piece] = []
    at = 0
    for call, nested in _calls(program.operations):
        base, _, _ = known(call, program.helpers)
        kind = base.kind if base is not None else call.kind
        places = [call.span, *(_strings(call) if kind == "RunSQL" else ())]
        end = at
        while end < len(operations) and _is_sent(operations[end], places):
            end += 1
        later = [one for one in operations[end:] if is_late(one) and _within(one.statement, call.span)]
        groups = (
            _statements(migration, call, operations[at:end]) if kind == "RunSQL" else [operations[at:end]]
        )
        for group in groups:
            found.append(Piece(call, kind, at, group, tuple(later), nested, len(groups) == 1))
            at += len(group)
    if not all(map(is_late, operations[at:])):
        raise CannotResume(
            f"only a run would tell which operations {migration.identity} has",
            "Write its operations out as a list",
        )
    return program, tuple(found)


def is_late(operation: Operation) -> bool:
    """Whether Django puts a statement off to the end of the migration."""
    return bool(operation.notes) and bool(operation.actions) and bool(operation.actions[0].words)


def _is_sent(operation: Operation, places: Sequence[Span]) -> bool:
    return not is_late(operation) and any(_within(operation.statement, place) for place in places)


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _calls(operations: object, *, nested: bool = False) -> Iterator[tuple[Call, bool]]:
    """The operations that reach the database, those inside of others in their place, which is said."""
    for one in operations if isinstance(operations, list | tuple) else ():
        if isinstance(one, Call) and one.kind == "SeparateDatabaseAndState":
            yield from _calls(one.get("database_operations", 0), nested=True)
        elif isinstance(one, Call):
            yield one, nested
        else:
            raise CannotResume(
                "only a run would tell which operations it has", "Write its operations out as a list"
            )


def _statements(migration: Migration, call: Call, sent: tuple[Operation, ...]) -> list[tuple[Operation, ...]]:
    """A RunSQL by what the database gets at once: each string of a list and, but for PostgreSQL, each statement."""
    if isinstance(call.get("sql", 0), list | tuple):
        groups = [[one for one in sent if _within(one.statement, place)] for place in _strings(call)]
    elif BACKENDS[migration.dialect].sends_scripts_whole:
        groups = [list(sent)]
    else:
        groups = []
        for one in sent:
            if groups and groups[-1][-1].statement == one.statement:
                groups[-1].append(one)
            else:
                groups.append([one])
    return [tuple(group) for group in groups] if len(groups) > 1 else [sent]


def _strings(call: Call) -> list[Span]:
    """Where the strings of a RunSQL stand, each alone or as the first of a pair with its parameters."""
    said = call.get("sql", 0)
    items = said if isinstance(said, list | tuple) else [said]
    texts = [item[0] if isinstance(item, list | tuple) and item else item for item in items]
    return [
        Span(text.pieces[0].span.start, text.pieces[-1].span.end)
        for text in texts
        if isinstance(text, Text) and text.pieces
    ]
