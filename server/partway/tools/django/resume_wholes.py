"""What a resume migration for Django does over as one: each operation, with all the statements that it sends at once.

SQLite cannot change most of a table: Django makes a copy, fills it, drops the table, and gives the copy its name. The
resume migration puts right whatever a stop in the middle of that has left, before it asks which operations have run:
what counts of such statements is what they change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partway.core.migration import Migration
from partway.core.operation import Action, InTransaction, Operation, Repeat
from partway.core.postcondition import Postcondition
from partway.tools.django.resume_pieces import Piece, pieces
from partway.tools.resuming import Whole

#: What goes through sets, in no order: one member there says nothing of the others.
_UNORDERED = frozenset(("AlterUniqueTogether", "AlterIndexTogether"))
#: How Django calls the copy of a table that it makes anew.
_COPY = "new__"


def wholes(migration: Migration) -> tuple[Whole, ...]:
    """The way up, operation by operation; what is put off to its end follows, each statement by itself."""
    _, found = pieces(migration)
    changes: dict[object, list[Postcondition]] = {}
    for span, facts in migration.remade:
        changes.setdefault(span, []).extend(facts)
    done = [_whole(piece, changes) for piece in found if piece.now]
    end = done[-1].last + 1 if done else 0
    late = migration.sections[0].operations[end:] if migration.sections else ()
    return (*done, *(Whole(end + n, end + n, (one,)) for n, one in enumerate(late)))


def copied(operations: Sequence[Operation]) -> tuple[str, ...]:
    """The tables that are made anew."""
    return tuple(dict.fromkeys(one.target.removeprefix(_COPY) for one in operations if _is_copy(one)))


def indexed(operations: Sequence[Operation]) -> tuple[str, ...]:
    """The tables that get indexes when any table has been made anew: that one, those that are new, and those that have
    new columns."""
    tables = [
        fact.name if fact.object == "table" else fact.table
        for one in operations
        for fact in one.postconditions
        if fact.present and (fact.object == "table" or one.kind == "add-column")
    ]
    names = [table.name for table in tables if table is not None and not table.name.startswith(_COPY)]
    return tuple(dict.fromkeys((*copied(operations), *names)))


def _is_copy(operation: Operation) -> bool:
    return operation.kind == "create-table" and operation.target.startswith(_COPY)


def _whole(piece: Piece, changes: dict[object, list[Postcondition]]) -> Whole:
    last = piece.first + len(piece.now) - 1
    operations = tuple(_without_copies(piece, tuple(changes.get(piece.call.span, ()))))
    if piece.kind in _UNORDERED and len(piece.telling) > 1:
        operations = (*operations, _all_of(piece.telling[-1]))
    telling = [n for n, one in enumerate(operations) if one in piece.telling or one not in piece.now]
    return Whole(piece.first, last, operations, telling[-1] if telling else 0)


def _all_of(one: Operation) -> Operation:
    """What shows that every member of a set has been seen to: nothing."""
    action = one.actions[0]._replace(
        kind="alter-table", postconditions=(), repeat=Repeat.SAME, traits=frozenset()
    )
    return one._replace(kind=action.kind, actions=(action,), repeat=Repeat.SAME)


def _without_copies(piece: Piece, changes: tuple[Postcondition, ...]) -> Iterator[Operation]:
    """The statements, with what they change in tables made anew in the place of what makes them."""
    first = next((n for n, one in enumerate(piece.now) if _is_copy(one)), len(piece.now))
    yield from piece.now[:first]
    if first < len(piece.now):
        copy = piece.now[first]
        made = Action(
            "remake-table",
            copied(piece.now)[0],
            copy.span,
            postconditions=changes,
            repeat=Repeat.SAME,
            in_transaction=InTransaction.ROLLS_BACK,
            words=copy.actions[0].words,
        )
        yield copy._replace(kind=made.kind, target=made.target, actions=(made,), repeat=Repeat.SAME)
