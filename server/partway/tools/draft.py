"""A section of a migration in a programming language, as its reader puts it together call by call.

The readers of such tools say what a call sends to the engine: the kind of operation, its target, what it leaves behind.
What the engine makes of that (repeatable, undone by a rollback) is the dialect's table's to say, as for SQL; a tool
says otherwise only where it does something else than the statement of that kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from partway.core.migration import Comment, Control, LaterSteps, Section, Step, TransactionMode, Trouble
from partway.core.operation import Action, Guard, InTransaction, Operation, Repeat
from partway.core.postcondition import Name, Postcondition
from partway.core.source import Span
from partway.sql.assembly import assemble
from partway.sql.context import Context
from partway.tools.embedded import Piece, read_sql
from partway.tools.setup import Setup

if TYPE_CHECKING:
    from partway.sql.lexer import Token
    from partway.sql.reader import Reading


class Sent(NamedTuple):
    """SQL in a string that the program runs, and how it is read."""

    pieces: tuple[Piece, ...]
    reading: Reading


class Draft:
    """The steps of one section ("up" or "down") in the order in which the tool runs them."""

    def __init__(self, text: str, setup: Setup, section: str) -> None:
        self.text = text
        self.setup = setup
        self.section = section
        self.steps: list[Step] = []
        self.comments: list[Comment] = []  # those inside SQL; the program's own are the reader's
        self.troubles: list[Trouble] = []
        self.embedded: list[Span] = []  # the stretches that are SQL
        self.sent: list[Sent] = []
        self.remade: list[tuple[Span, tuple[Postcondition, ...]]] = []  # what tables made anew have otherwise
        self._context = Context(text, setup.dialect, setup.server, _read_actions)

    def action(
        self,
        kind: str,
        target: object,
        span: Span,
        *facts: Postcondition,
        traits: Iterable[str] = (),
        guard: Guard | None = None,
        words: str = "",
        repeat: Repeat | None = None,
        in_transaction: InTransaction | None = None,
    ) -> Action:
        """One thing that a call does, with what the dialect's table says of its kind and traits.

        `words` is the call in the program's own words. `repeat` and `in_transaction` are given where the tool does
        something else than the engine's statement of this kind. A guard that covers makes it repeatable.
        """
        limit = self.setup.dialect.name_limit
        if limit and any(len(fact.name.name) > limit // 4 for fact in facts):
            facts = tuple(self._stored(fact) for fact in facts)
        action = self._context.action(kind, target, span, *facts, traits=traits)
        bare = repeat or action.repeat
        return action._replace(
            guard=guard,
            words=words,
            repeat=Repeat.SAME if guard is not None and guard.covers else bare,
            in_transaction=in_transaction or action.in_transaction,
        )

    def _stored(self, fact: Postcondition) -> Postcondition:
        """A fact with its name as the database cuts it: tools quote the names that they send."""
        name = fact.name.name
        stored = self.setup.dialect.stored(name, quoted=True)
        return fact if stored == name else fact._replace(name=Name(stored, fact.name.schema))

    def add(self, actions: list[Action], span: Span, notes: tuple[str, ...] = ()) -> Operation:
        """One statement that the engine gets: what its actions make together, at the place of the call."""
        operation = assemble(actions, span, self.section)
        if notes:
            operation = operation._replace(notes=notes)
        self.steps.append(Step(span, (operation,)))
        return operation

    def run(self, span: Span, *operations: Operation) -> None:
        """Operations that are made already, run at this place of the program."""
        self.steps.append(Step(span, operations))

    def opaque(self, span: Span, name: str, why: str) -> None:
        """A call that cannot be read: its name is all that is told, and why."""
        action = Action("opaque", name, span, words=name)
        self.steps.append(Step(span, (assemble([action], span, self.section)._replace(why_opaque=why),)))

    def sql(self, pieces: Iterable[Piece], guard: Guard | None = None) -> tuple[Step, ...]:
        """The statements in a string that the program runs. `guard` is a condition of the program's around them: with
        one that covers, they can be repeated."""
        pieces = tuple(pieces)
        reading = read_sql(self.text, pieces, self.setup, self.section)
        self.sent.append(Sent(pieces, reading))
        self.embedded += [piece.span for piece in pieces if not piece.hole]
        steps = reading.steps if guard is None else tuple(_guarded(step, guard) for step in reading.steps)
        self.steps += steps
        self.comments += reading.comments
        self.troubles += reading.troubles
        return steps

    def control(self, control: Control, span: Span, *, by_tool: bool = False) -> None:
        """Transaction control; `by_tool` where the tool does it by itself, as around an `autocommit_block()`."""
        self.steps.append(Step(span, control=control, by_tool=by_tool))

    def finish(
        self,
        span: Span,
        transaction: TransactionMode,
        *,
        derived: bool = False,
        work: Callable[[], object] | None = None,
    ) -> Section:
        """The section, once every call has been read; `derived` as in `Section`. `work` reads the calls when somebody
        first looks at the section's steps; nothing that it reads may be SQL."""
        mode = self.setup.transaction(transaction)
        steps = tuple(self.steps) if work is None else LaterSteps(partial(self._read_now, work))
        return Section(self.section, span, steps, mode, derived=derived)

    def _read_now(self, work: Callable[[], object]) -> list[Step]:
        work()
        return self.steps


def _read_actions(context: Context, tokens: list[Token]) -> list[Action]:
    from partway.sql.reader import read_actions  # most programs have no SQL in them

    return read_actions(context, tokens)


def embedded(drafts: Iterable[Draft]) -> tuple[Span, ...]:
    """The stretches of a program that are SQL, over all of its sections."""
    return tuple(sorted({span for draft in drafts for span in draft.embedded}))


def _guarded(step: Step, guard: Guard) -> Step:
    return step._replace(
        operations=tuple(
            operation._replace(
                actions=tuple(_guarded_action(action, guard) for action in operation.actions),
                repeat=Repeat.SAME if guard.covers else operation.repeat,
            )
            for operation in step.operations
        )
    )


def _guarded_action(action: Action, guard: Guard) -> Action:
    if action.guard is not None and action.guard.covers:
        return action
    return action._replace(guard=guard, repeat=Repeat.SAME if guard.covers else action.repeat)
