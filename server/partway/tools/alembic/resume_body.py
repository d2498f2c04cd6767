"""The body of a resume's `upgrade`: the statements of the original, each where it has not run yet.

The program keeps its shape: loops, blocks and the file's own functions stay, and a condition goes right around each
statement that does something, or around a block whose statements all have the same one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from partway.tools.alembic.flow import branches_of
from partway.tools.alembic.resume_batches import Batches
from partway.tools.alembic.resume_branches import kept_branches
from partway.tools.alembic.resume_calls import Calls
from partway.tools.alembic.resume_conditions import Conditions, Turn
from partway.tools.alembic.resume_lines import Line, Piece, head_of, merged, moved, rendered, text_of, written
from partway.tools.alembic.resume_looks import Looks
from partway.tools.alembic.tracing import Run, Trace
from partway.tools.alembic.wrapping import strings_in
from partway.tools.resuming import CannotResume, Step

if TYPE_CHECKING:
    from tree_sitter import Node

_LOOPS = frozenset(("for_statement", "while_statement"))
_COMPOUND = _LOOPS | {"if_statement", "with_statement", "try_statement", "match_statement"}
_NAME = re.compile(r"[A-Za-z_]\w*")
_GIVES = re.compile(r"(?:^|\n)\s*([A-Za-z_(][\w, ()]*?)(?:\[[^\]\n]*\])?(?:\s*:[^=\n]+)?\s*[-+|]?=(?!=)")
_FILLS = re.compile(r"(\w+)\.(?:append|add|extend|insert|setdefault|update)\(")
#: What asks the database without changing it: what it finds is only there until the migration has run.
_ASKS = re.compile(r"\.(?:execute|scalars?|query|exec_driver_sql)\(")
_SAYS = re.compile(r"(?:print|(?:\w+\.)*(?:log|logger|logging|_logger|LOG)\.\w+)\(")


class Body:
    """Writes the functions of a resume. `left_out` are the numbers of operations that are not to be in it."""

    def __init__(
        self, trace: Trace, steps: Mapping[int, Step], left_out: Collection[int], looks: Looks
    ) -> None:
        self.trace = trace
        self.tree = trace.program.tree
        self.steps = steps
        self.left_out = left_out
        self.conditions = Conditions(self.tree, trace.runs, steps, looks)
        self.calls = Calls(trace, self.conditions, looks)
        self.batches = Batches(trace, self.conditions, self.calls, looks)
        self.functions: dict[int, Node] = {}  # those that a statement of a resume leads into
        self._under: dict[int, list[int]] = {}
        for index, run in enumerate(trace.runs):
            for visit in run.place.trail:
                self._under.setdefault(visit.node.id, []).append(index)
            self._note_functions(run)

    def _note_functions(self, run: Run) -> None:
        for visit in run.place.trail:
            node: Node | None = visit.node
            while node is not None and node.type != "function_definition":
                node = node.parent
            if node is not None:
                self.functions[node.id] = node

    def text(self, function: Node, unit: str) -> str:
        """A function with its body; `unit` is one level of indentation."""
        body = function.child_by_field_name("body")
        if body is None:
            return self.tree.said(function)
        head = moved(self.tree, self.tree.span(function).start, self.tree.span(body).start, ())
        above, comments = head_of(head)
        pieces = self.block(body, unit)
        if pieces:
            pieces[0].lines[:0] = comments
        lines = rendered(pieces, unit)
        if not any(line.text and not line.text.startswith("#") for line in lines):
            lines.append(Line("pass"))
        return text_of(above, "") + "\n" + text_of(lines, unit)

    def ifs(self) -> Iterator[Node]:
        """Every `if` on the way."""
        seen = {node.id: node for run in self.trace.runs for node in _around(run)}
        for block in seen.values():
            yield from (child for child in block.named_children if child.type == "if_statement")

    # Blocks -----------------------------------------------------------------------------------------------------------

    def block(self, block: Node, unit: str) -> list[Piece]:
        """The pieces of a block."""
        pieces: list[Piece] = []
        comments: list[Line] = []
        asking: list[Node] = []
        answered: set[str] = set()
        before: Node | None = None
        for child in block.named_children:
            if child.type == "comment":
                if before is not None and before.end_point[0] == child.start_point[0]:
                    if pieces and pieces[-1].lines:
                        last = pieces[-1].lines.pop()
                        pieces[-1].lines.append(Line(f"{last.text}  {self.tree.said(child)}", last.fixed))
                else:
                    comments += self.calls.said(child)
                continue
            new = self._statement(child, unit, asking, answered)
            if new:
                new[0].lines[:0] = comments
                new[0].gap = (
                    before is not None and child.start_point[0] - len(comments) - before.end_point[0] > 1
                )
                pieces += new
            comments = []
            before = child
        found = merged(pieces)
        for name in answered:
            if sum(name in piece.names() and not _only_gives(piece, name) for piece in found) > 1:
                raise CannotResume(
                    f"what is asked of the database as {name} is used by statements that do not run together",
                    "Ask anew before each of them, and try again",
                )
        return found

    def _statement(self, node: Node, unit: str, asking: list[Node], answered: set[str]) -> list[Piece]:
        under = self._under.get(node.id, [])
        if not under:
            said = self.tree.said(node)
            if _SAYS.match(said) or self.trace.chosen.get(node.id) == {-1}:
                return []
            if self._asks(node, said, asking):
                asking.append(node)
                return []
            return [Piece(self.calls.said(node))]
        alive = [index for index in under if index in self.steps]
        if not alive:
            return []
        found = self._alive(node, under, alive, unit)
        return self._with_answers(found, asking, answered)

    def _asks(self, node: Node, said: str, asking: list[Node]) -> bool:
        """Whether a statement asks the database, or works on an answer."""
        if _ASKS.search(said) and node.type == "expression_statement":
            return True
        answers = {name for one in asking for name in _assigned(self.tree.said(one))}
        return bool(answers & set(_NAME.findall(said)))

    def _with_answers(self, pieces: list[Piece], asking: list[Node], answered: set[str]) -> list[Piece]:
        """The pieces, with the questions before them whose answers they use."""
        for node in reversed(asking[:]):
            names = _assigned(self.tree.said(node))
            users = [piece for piece in pieces if names & piece.names()]
            if users:
                users[0].lines[:0] = self.calls.said(node)
                asking.remove(node)
                answered |= names
        return pieces

    def _alive(self, node: Node, under: list[int], alive: list[int], unit: str) -> list[Piece]:
        """A statement of which something is to be run."""
        batch = next((self.trace.runs[index].batch for index in alive if self._is_batch(node, index)), None)
        if batch is not None:
            return self.batches.pieces(node, alive, batch, unit, self.block)
        if self._leads_elsewhere(node, alive):
            return [Piece(self.calls.said(node))]
        if node.type not in _COMPOUND:
            if len(alive) != len(under):
                raise CannotResume(
                    f"line {node.start_point[0] + 1} does several things, of which some must not run again",
                    "Write them in the migration as calls of their own, and ask again",
                )
            return self.calls.pieces(node, self._executions(node, alive))
        only = self._only_branch(node)
        if only is not None:
            return self.block(only, unit)
        whole = self._whole(node, under, alive)
        if whole is not None:
            return [whole]
        if node.type == "while_statement" or node.id in self.trace.endless:
            raise CannotResume(
                f"nobody knows how often the loop on line {node.start_point[0] + 1} runs, so that what of it has run"
                " cannot be told",
                "Write out what it does, and ask again",
            )
        return self._around(node, unit)

    def _is_batch(self, node: Node, index: int) -> bool:
        """Whether a statement is the `with` that an operation's batch belongs to."""
        run = self.trace.runs[index]
        if run.batch is None or node.type != "with_statement":
            return False
        span, of = self.tree.span(node), run.batch.call.span
        body = node.child_by_field_name("body")
        return span.start <= of.start and body is not None and of.end <= self.tree.span(body).start

    def _leads_elsewhere(self, node: Node, alive: list[int]) -> bool:
        """Whether a statement calls a function of the file's own, in which the operations are."""
        if node.type in _COMPOUND:
            return False
        found = set()
        for index in alive:
            trail = [visit.node for visit in self.trace.runs[index].place.trail]
            found.add(trail[-1].id != node.id)
        if len(found) > 1:
            raise CannotResume(f"line {node.start_point[0] + 1} does several things at once")
        return found.pop()

    def _executions(self, node: Node, alive: list[int]) -> list[list[int]]:
        """The operations of each time that a statement was run."""
        found: dict[int, list[int]] = {}
        for index in alive:
            number = next(v.number for v in self.trace.runs[index].place.trail if v.node.id == node.id)
            found.setdefault(number, []).append(index)
        executions = list(found.values())
        if len({len(one) for one in executions}) > 1:
            raise CannotResume(
                f"line {node.start_point[0] + 1} does more in one turn of its loop than in another",
                "Write the calls of the loop one by one, and ask again",
            )
        return executions

    # Statements with blocks in them -----------------------------------------------------------------------------------

    def _only_branch(self, node: Node) -> Node | None:
        """The branch that an `if` always takes, on the database that was asked."""
        chosen = self.trace.chosen.get(node.id, set())
        number = next(iter(chosen)) if len(chosen) == 1 else None
        if number is None or number < 0:
            return None
        return [body for _, body in branches_of(node)][number]

    def _whole(self, node: Node, under: list[int], alive: list[int]) -> Piece | None:
        """The whole of a statement where all that it does has one condition."""
        runs = [self.trace.runs[index] for index in alive]
        plain = all(
            "concurrently" not in action.traits and run.batch is None
            for run in runs
            for action in run.operation.actions
        )
        own = all(
            self._owner(visit.node) == self._owner(node) for run in runs for visit in run.place.trail[-1:]
        )
        if len(alive) != len(under) or not plain or not own or self._has_dead(node):
            return None
        first, *others = (self.steps[index] for index in alive)
        same = all(step.unless == first.unless and not step.empty and not step.joined for step in others)
        if not same or (others and first.empty):
            return None
        if first.joined and others:
            return None
        turn = Turn(joined=True) if first.joined else self.conditions.turn([alive[0]])
        return Piece(self.calls.said(node), turn.condition, turn.joined)

    def _owner(self, node: Node) -> int:
        at: Node | None = node
        while at is not None and at.type != "function_definition":
            at = at.parent
        return at.id if at is not None else 0

    def _has_dead(self, node: Node) -> bool:
        """Whether some branch inside is for another database."""
        return any(not _is_visited(body, self.trace.visited) for body in _bodies(node, deep=True))

    def _around(self, node: Node, unit: str) -> list[Piece]:
        """A statement with the blocks in it written anew."""
        if node.type == "if_statement":
            branches = kept_branches(self.tree, node, lambda body: _is_visited(body, self.trace.visited))
        else:
            branches = list(self._heads(node))
        lines: list[Line] = []
        something = False
        for head, body in branches:
            inner = rendered(self.block(body, unit), unit)
            something = something or bool(inner)
            lines += head
            lines += [line.under(unit) for line in inner or written("pass")]
        return [Piece(lines)] if something else []

    def _heads(self, node: Node) -> Iterator[tuple[list[Line], Node]]:
        """What stands before each block of a statement, and the block."""
        at = self.tree.span(node).start
        for body in _bodies(node):
            span = self.tree.span(body)
            yield head_of(moved(self.tree, at, span.start, strings_in(node)))[0], body
            at = span.end


def _around(run: Run) -> Iterator[Node]:
    """The blocks that an operation's statements stand in."""
    for visit in run.place.trail:
        if visit.node.parent is not None:
            yield visit.node.parent


def _bodies(node: Node, deep: bool = False) -> Iterator[Node]:
    """The blocks of a statement, and with `deep` those in them."""
    for child in node.named_children:
        if child.type == "block":
            yield child
            if deep:
                for inner in child.named_children:
                    yield from _bodies(inner, deep=True)
        elif child.type.endswith("_clause") and child.type != "with_clause":
            yield from _bodies(child, deep)


def _is_visited(body: Node, visited: Collection[int]) -> bool:
    """Whether a block was run, or may have been: one is not where a condition on the dialect keeps it out."""
    statements = [child for child in body.named_children if child.type != "comment"]
    return not statements or statements[0].id in visited


def _only_gives(piece: Piece, name: str) -> bool:
    """Whether a piece is no more than the first value of a name."""
    return piece.condition is None and len(piece.lines) == 1 and name in _assigned(piece.lines[0].text)


def _assigned(text: str) -> set[str]:
    """The names that a statement gives a value, or fills."""
    found = {name for one in _GIVES.findall(text) for name in _NAME.findall(one)}
    return found | set(_FILLS.findall(text))
