"""The calls of a migration once more, each behind the condition of what it does, for a resume migration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from partway.core.operation import GuardForm
from partway.dialects import dialect_named
from partway.tools.rails.alone import call_of
from partway.tools.rails.calls import build
from partway.tools.rails.commands import Frame, FrameKind
from partway.tools.rails.literals import name as written
from partway.tools.rails.literals import quoted
from partway.tools.rails.lookups import Condition, Lookups
from partway.tools.rails.making import Statement
from partway.tools.rails.pieces import Piece, joined
from partway.tools.rails.renaming import finishing
from partway.tools.rails.rereading import Call, Rereading, statement_of
from partway.tools.rails.splitting import of_bulk, of_sql
from partway.tools.rails.vocabulary import RUN_SQL
from partway.tools.rails.wording import Wording
from partway.tools.rails.wrapping import without_option
from partway.tools.resuming import CannotResume, LeftOut, Request, Step

if TYPE_CHECKING:
    from tree_sitter import Node


class Rewriting:
    """One migration being written once more."""

    def __init__(self, request: Request) -> None:
        self.reading = Rereading(request)
        self.migration = request.migration
        self.program, self.context = self.reading.program, self.reading.context
        self.operations = self.reading.operations
        self.wording = Wording(self.program)
        self.steps: dict[int, Step] = {step.number: step for step in request.steps}
        self.left_out: dict[int, LeftOut] = {one.number: one for one in request.left_out}
        self.lookups = Lookups(
            self.context,
            dialect_named(self.migration.dialect),
            self.operations,
            self.reading.keys(),
            self.reading.indexes(),
        )

    def pieces(self) -> list[Piece]:
        """What the way up consists of. Raises CannotResume."""
        calls: list[list[Piece]] = []
        waiting: Piece | None = None
        for call in self.reading.calls():
            if call.commands[0].name == "reset_column_information":
                waiting = Piece((self._text(call),), None, call.frames)
                continue
            pieces = self._unwrapped(self._written(call))
            if not pieces:
                continue
            if waiting is not None and pieces[0].frames == waiting.frames:
                pieces[0] = pieces[0]._replace(texts=(*waiting.texts, *pieces[0].texts), node=None)
            elif waiting is not None and not pieces[0].joined:
                calls.append([waiting])
            waiting = None
            calls.append(pieces)
        return joined(calls)

    # Writing ----------------------------------------------------------------------------------------------------------

    def _written(self, call: Call) -> list[Piece]:
        numbers = [n for n in call.all_numbers if n in self.steps or n in self.left_out]
        if not numbers:
            return []
        todo = [n for n in numbers if n in self.steps]
        if not todo:
            return [self._note(call, self.left_out[numbers[0]])]
        first = self.steps[todo[0]]
        runs_anyway = (
            not first.unless and not first.joined and first.empty is None and first.number == numbers[0]
        )
        alike = all(self.steps[n].unless == first.unless for n in todo) and not any(
            self.steps[n].joined for n in todo[1:]
        )
        if len(numbers) == 1 or call.whole or ((runs_anyway or alike) and len(todo) == len(numbers)):
            if call.whole:
                self._refuse_uneven(call, todo)
            return [self._whole(call, first, todo), *self._finished(call)]
        if call.commands[0].name in RUN_SQL:
            return self._split(call, self._of_sql(call, numbers), numbers)
        if call.commands[0].name == "change_table":
            return self._bulk(call, numbers)
        return self._by_parts(call, numbers, todo)

    def _finished(self, call: Call) -> Iterator[Piece]:
        """What finishes a call that is one operation, but changes more than that one."""
        found = None if call.whole or call.reverted else finishing(self.context, call.commands[0])
        if found is not None:
            text, method, lines = found
            self.lookups.methods[method] = lines
            yield Piece((text,), None, call.frames)

    def _refuse_uneven(self, call: Call, todo: Sequence[int]) -> None:
        formula = self.steps[todo[0]].unless
        uneven = [n for n in todo[1:] if not self.steps[n].joined and self.steps[n].unless != formula]
        uneven += [n for n in call.all_numbers if n in self.left_out]
        if uneven:
            one = self.operations[uneven[0]]
            raise CannotResume(
                f"operation {uneven[0]}, {one.kind} {one.target}, stands in a construct of which only a run tells how"
                " often it runs, together with others",
                "Finish it by hand",
            )

    def _whole(self, call: Call, step: Step, numbers: Sequence[int]) -> Piece:
        text = self._text(call)
        before = self._clearing(step) if len(numbers) == 1 else None
        return Piece(
            (before, text) if before else (text,),
            self._condition(step),
            call.frames,
            step.joined,
            None if before or call.reverted else call.node,
            all(map(self._is_hidden, numbers)),
        )

    def _text(self, call: Call) -> str:
        """The statement as its author wrote it, without options that Rails ignores."""
        command = call.commands[0]
        vain = any(
            action.guard is not None and action.guard.form is GuardForm.OPTION and not action.guard.covers
            for number in call.all_numbers
            for action in self.operations[number].actions
        )
        changes = list(without_option(self.program, command.node)) if vain and not call.whole else []
        text = self.wording.of(call.node, call.scope, changes)
        if not call.reverted:
            return "\n".join([*self.wording.comments(call.node), text])
        if "\n" in text:
            return "\n".join(["revert do", *(f"  {line}" for line in text.split("\n")), "end"])
        return f"revert {{ {text} }}"

    def _condition(self, step: Step) -> Condition | None:
        condition = self.lookups.unless(step.unless, step.number)
        if step.empty is None:
            return condition
        query = f"SELECT 1 FROM {step.empty} LIMIT 1"  # noqa: S608 # a table of the migration's own
        rows = f"connection.select_value({quoted(query)})"
        return condition.and_not(rows) if condition is not None else Condition("unless", (rows,))

    def _clearing(self, step: Step) -> str | None:
        """The call that takes away what a failed run has left of an index that is built concurrently."""
        for action in step.operation.actions:
            fact = action.postconditions[0] if action.postconditions else None
            if action.kind != "create-index" or "concurrently" not in action.traits or fact is None:
                continue
            if fact.table is None or not fact.name.name:
                return None
            table, name = written(str(fact.table)), quoted(fact.name.name)
            asks_for_it = len(step.unless) == 1 and [each.name for each in step.unless[0]] == [fact.name]
            there = (
                f"index_name_exists?({table}, {name})"
                if asks_for_it and not fact.table.schema
                else self.lookups.invalid(fact)
            )
            drop = f"remove_index {table}, name: {name}, algorithm: :concurrently"
            if len(drop) + len(there) < 90:
                return f"{drop} if {there}"
            return f"if {there}\n  {drop}\nend"
        return None

    def _by_parts(self, call: Call, numbers: Sequence[int], todo: Sequence[int]) -> list[Piece]:
        """The whole call where its first part has not run, then what a failure in between has lost."""
        statements = self._statements(call)
        found: list[Piece] = []
        forced = any(command.options.get("force") for command in call.commands)
        for number in todo:
            step = self.steps[number]
            if forced and number == numbers[0]:
                if step.ran is True:
                    continue
                raise CannotResume(
                    f"nothing shows whether `{step.operation.target}` is what `force: true` has still to drop, or what"
                    " was made in its place",
                    "Finish it by hand",
                )
            if number == numbers[0] and not forced:
                found.append(self._whole(call, step, [number])._replace(node=None))
                continue
            text = self._alone(call, statements[number], forced)
            before = self._clearing(step)
            texts = (before, text) if before else (text,)
            found.append(
                Piece(
                    texts,
                    self._condition(step),
                    call.frames,
                    step.joined,
                    None,
                    self._is_hidden(number),
                )
            )
        return found

    def _alone(self, call: Call, statement: Statement, forced: bool) -> str:
        if forced and statement[0].kind == "create-table":
            return self._without_force(call)
        text = call_of(self.context, statement)
        if text is None:
            one = statement[0]
            raise CannotResume(
                f"what {call.commands[0].words or call.commands[0].name} does at last, {one.kind} {one.target}, cannot"
                " be written as a call of its own",
                "Finish it by hand",
            )
        return text

    def _without_force(self, call: Call) -> str:
        edits = list(without_option(self.program, call.commands[0].node, ("force",)))
        return self.wording.of(call.node, call.scope, edits)

    def _statements(self, call: Call) -> dict[int, Statement]:
        """What each operation of a call consists of."""
        found: dict[int, Statement] = {}
        for command, numbers in zip(call.commands, call.numbers, strict=True):
            made = [each for each in build(self.context, command) if each]
            if len(made) != len(numbers):
                raise CannotResume(f"what {command.words or command.name} does cannot be told apart")
            found.update(zip(numbers, made, strict=True))
        return found

    def _of_sql(self, call: Call, numbers: Sequence[int]) -> list[str]:
        return of_sql(self.migration.source.text, call.commands[0], [self.operations[n] for n in numbers])

    def _bulk(self, call: Call, numbers: Sequence[int]) -> list[Piece]:
        statements = self._statements(call)
        operations = [self.operations[n] for n in numbers]

        def alone(place: int) -> str:
            return self._alone(call, statements[numbers[place]], forced=False)

        texts = of_bulk(self.wording, call.commands[0], operations, alone)
        return self._split(call, texts, numbers)

    def _split(self, call: Call, texts: Sequence[str], numbers: Sequence[int]) -> list[Piece]:
        found: list[Piece] = []
        for number, text in zip(numbers, texts, strict=True):
            if number in self.left_out:
                found.append(self._note(call, self.left_out[number]))
                continue
            step = self.steps[number]
            before = self._clearing(step)
            piece = Piece(
                (before, text) if before else (text,),
                self._condition(step),
                call.frames,
                step.joined,
                None,
                self._is_hidden(number),
            )
            if step.joined and found and found[-1].condition is not None:
                found[-1] = found[-1]._replace(texts=(*found[-1].texts, *piece.texts))
            else:
                found.append(piece)
        return found

    def _is_hidden(self, number: int) -> bool:
        """Whether nothing comes or goes with an operation that a condition could ask for."""
        return all(one.only_says or not one.postconditions for one in self.operations[number].actions)

    def _note(self, call: Call, one: LeftOut) -> Piece:
        span = one.operation.span
        said = " ".join(self.migration.source.text[slice(*span)].split())
        shown = said if len(said) < 60 else f"{said[:57]}..."
        text = f"# Left out: {shown}\n# It has run, and {one.why}."
        return Piece((text,), None, call.frames)

    def _unwrapped(self, pieces: list[Piece]) -> list[Piece]:
        """A call that is all that its block holds, written together with that block."""
        if len(pieces) != 1 or pieces[0].node is None:
            return pieces
        piece = pieces[0]
        while (
            piece.frames
            and piece.frames[-1].kind is FrameKind.BLOCK
            and _is_all(piece.frames[-1], piece.node)
        ):
            frame = piece.frames[-1]
            text = "\n".join([*self.wording.comments(frame.node), self.wording.of(frame.node, frame.scope)])
            piece = piece._replace(texts=(text,), node=statement_of(frame.node), frames=piece.frames[:-1])
        return [piece]


def _is_all(frame: Frame, node: Node | None) -> bool:
    block = frame.node.child_by_field_name("block")
    body = block.child_by_field_name("body") if block is not None else None
    children = (
        [child for child in body.named_children if child.type != "heredoc_body"] if body is not None else []
    )
    return len(children) == 1 and children[0] == node
