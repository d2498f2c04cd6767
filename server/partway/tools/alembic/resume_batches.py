"""A batch in a resume: one that makes its table anew runs whole or not at all, of others each directive by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from partway.core.postcondition import Name
from partway.tools.alembic.batch import Batch
from partway.tools.alembic.resume_calls import Calls
from partway.tools.alembic.resume_conditions import Conditions
from partway.tools.alembic.resume_lines import Line, Piece, head_of, moved, rendered
from partway.tools.alembic.resume_looks import Looks
from partway.tools.alembic.tracing import Run, Trace
from partway.tools.alembic.wrapping import strings_in
from partway.tools.resuming import CannotResume

if TYPE_CHECKING:
    from tree_sitter import Node

Block = Callable[["Node", str], list[Piece]]


class Batches:
    """Writes batches."""

    def __init__(self, trace: Trace, conditions: Conditions, calls: Calls, looks: Looks) -> None:
        self.trace = trace
        self.tree = trace.program.tree
        self.conditions = conditions
        self.calls = calls
        self.looks = looks

    def pieces(self, node: Node, alive: Sequence[int], batch: Batch, unit: str, block: Block) -> list[Piece]:
        """The pieces of a `with op.batch_alter_table(...)`; `block` writes what is in it."""
        if batch.rebuilds:
            return [self._rebuilt(node, alive, batch, unit)]
        body = node.child_by_field_name("body")
        if body is None:
            return []
        span = self.tree.span(node)
        lines = moved(self.tree, span.start, self.tree.span(body).start, strings_in(node))
        head, comments = head_of(lines)
        inner = block(body, unit)
        if inner:
            inner[0].lines[:0] = comments
        if self._apart([self.trace.runs[index] for index in alive]) and not _completed(
            inner, self.looks.words.op
        ):
            if len(inner) == 1 and inner[0].condition is not None:
                return [Piece([*head, *(line.under(unit) for line in inner[0].lines)], inner[0].condition)]
            return [Piece([*head, *(line.under(unit) for line in rendered(inner, unit))])]
        return [self._alone(piece, head, unit) for piece in inner]

    def _apart(self, runs: Sequence[Run]) -> bool:
        """Whether what each directive looks for is nothing that another one of the batch changes: they are all looked
        for before any of them runs."""
        steps = [self.conditions.steps.get(index) for index, run in enumerate(self.trace.runs) if run in runs]
        if any(step is None or step.joined or step.empty for step in steps):
            return False
        owners: dict[tuple[str, str], int] = {}
        for number, run in enumerate(runs):
            for fact in run.operation.postconditions:
                owners.setdefault((fact.object, fact.name.name.lower()), number)
                if owners[fact.object, fact.name.name.lower()] != number:
                    return False
        for number, step in enumerate(steps):
            for alternative in step.unless if step is not None else ():
                for fact in alternative:
                    if owners.get((fact.object, fact.name.name.lower()), -1) != number:
                        return False
        return True

    def _alone(self, piece: Piece, head: Sequence[Line], unit: str) -> Piece:
        """A directive in a batch of its own. What completes it is none of the batch's."""
        if piece.lines and piece.lines[0].text.startswith(f"{self.looks.words.op}."):
            return piece
        return Piece(
            [*head, *(line.under(unit) for line in piece.lines)], piece.condition, piece.joined, piece.gap
        )

    def _rebuilt(self, node: Node, alive: Sequence[int], batch: Batch, unit: str) -> Piece:
        """The batch as it stands, once the copy is gone that a failed run may have left. It holds nothing that the
        table itself does not, as long as that is there."""
        numbers = {
            visit.number
            for index in alive
            for visit in self.trace.runs[index].place.trail
            if visit.node.id == node.id
        }
        if len(numbers) > 1:
            raise CannotResume(
                f"the batch on line {node.start_point[0] + 1} is in a loop",
                "Write the batches one by one, and ask again",
            )
        turn = self.conditions.turn([alive[-1]])
        copy = Name(batch.copy.name, batch.copy.schema or None)
        there = self.looks.is_there(Name(batch.table.name, batch.table.schema or None))
        drop = f"{self.looks.words.op}.drop_table({self.looks.words.string(copy.name)}"
        drop += f", schema={self.looks.words.string(copy.schema)})" if copy.schema else ")"
        lines = [
            Line("# What a run that failed may have left: a copy of the rows."),
            Line(f"if {self.looks.is_there(copy)} and {there}:"),
            Line(unit + drop),
        ]
        return Piece([*lines, *self.calls.said(node)], turn.condition, turn.joined)


def _completed(pieces: Sequence[Piece], op: str) -> bool:
    """Whether some of the pieces are none of the batch's own, but complete what one of its directives does."""
    return any(piece.lines and piece.lines[0].text.startswith(f"{op}.") for piece in pieces)
