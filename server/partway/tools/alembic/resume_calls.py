"""One statement of a resume that does something: behind its look, with what a failure may have left cleared before it,
and what it may have cut off completed behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from partway.core.postcondition import Name
from partway.tools.alembic.expressions import is_named
from partway.tools.alembic.resume_completing import completing
from partway.tools.alembic.resume_conditions import Conditions, Turn
from partway.tools.alembic.resume_lines import Line, Piece, moved, written
from partway.tools.alembic.resume_looks import Asked, Looks, escaped
from partway.tools.alembic.tracing import Trace
from partway.tools.alembic.wrapping import strings_in
from partway.tools.python_values import Call
from partway.tools.resuming import CannotResume

if TYPE_CHECKING:
    from tree_sitter import Node

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
#: The directives that send statements of their own behind the first one, and the kind of the first.
_COMPOSED = {"create_table": "create-table", "add_column": "add-column"}


class Calls:
    """Writes single statements."""

    def __init__(self, trace: Trace, conditions: Conditions, looks: Looks) -> None:
        self.trace = trace
        self.tree = trace.program.tree
        self.conditions = conditions
        self.looks = looks
        self.words = looks.words

    def pieces(self, node: Node, executions: Sequence[Sequence[int]]) -> list[Piece]:
        """A statement that was run so often, each time for the operations with these numbers."""
        positions = list(zip(*executions, strict=True))
        turns = [self.conditions.turn(indexes) for indexes in positions]
        first = [self.trace.runs[index] for index in positions[0]]
        name = first[0].request.name if first[0].request is not None else ""
        if len(set(turns)) == 1:
            return [*self._clearing(positions[0]), *self._author(node, turns[0])]
        if name in _COMPOSED:
            return self._composed(node, positions, turns, _COMPOSED[name])
        if len(executions) == 1 and not name and (parts := self._statements(positions)) is not None:
            return [
                piece
                for part, turn, indexes in zip(parts, turns, positions, strict=True)
                for piece in (*self._clearing(indexes), _piece(written(part), turn))
            ]
        raise CannotResume(
            f"line {node.start_point[0] + 1} sends several statements, and they cannot be run one by one",
            "Write them in the migration as calls of their own, and ask again",
        )

    # A call with several statements -----------------------------------------------------------------------------------

    def _composed(
        self, node: Node, positions: Sequence[Sequence[int]], turns: Sequence[Turn], kind: str
    ) -> list[Piece]:
        """The call itself where its table or column is missing, then what comes with it."""
        runs = self.trace.runs
        main = next(n for n, indexes in enumerate(positions) if runs[indexes[0]].operation.kind == kind)
        found = self._author(node, turns[main])
        for indexes in reversed(positions[:main]):
            operation = runs[indexes[0]].operation
            if operation.kind != "create-type":
                raise CannotResume(
                    f"{operation.kind} {operation.target} runs before the call that it belongs to",
                    "Write it in the migration as a call of its own, and ask again",
                )
            say = self.conditions.say([runs[index] for index in indexes])
            types = [self._quoted(runs[index].operation.postconditions[0].name) for index in indexes]
            drop = f"{self.words.op}.execute({say([f'DROP TYPE IF EXISTS {name}' for name in types])})"
            note = "# A run that failed may have left the type, which is made with the table."
            found[0].lines[:0] = [*written(note), *written(drop)]
        for indexes, turn in zip(positions[main + 1 :], turns[main + 1 :], strict=True):
            if turn == turns[main]:
                continue
            each = [runs[index] for index in indexes]
            found.append(_piece(written(completing(each, self.words, self.conditions.say(each))), turn))
        return found

    def _statements(self, positions: Sequence[Sequence[int]]) -> list[str] | None:
        """The statements of one string of SQL as calls of their own; None where they cannot be told apart."""
        runs = [self.trace.runs[indexes[0]] for indexes in positions]
        spans = [run.operation.statement for run in runs]
        if len(set(spans)) != len(spans) or runs[0].call is None:
            return None
        said = []
        for span in spans:
            sql = self.tree.text[span.start : span.end].rstrip("; \n")
            if "\\" in sql or "{" in sql or '"""' in sql:
                return None
            string = f'"""{sql}"""' if "\n" in sql else self.words.string(sql)
            function = runs[0].call.node.child_by_field_name("function")
            if function is None:
                return None
            inner = runs[0].call.positional[0] if runs[0].call.positional else None
            text = f"{self.words.text}({string})" if isinstance(inner, Call) else string
            said.append(f"{self.tree.said(function)}({text})")
        return said

    # The author's own statement ---------------------------------------------------------------------------------------

    def _author(self, node: Node, turn: Turn) -> list[Piece]:
        """A statement as its author wrote it. What it assigns is there as well where it does not run."""
        first = node.named_children[0] if node.named_child_count else node
        if node.type not in ("expression_statement", "return_statement"):
            raise CannotResume(f"line {node.start_point[0] + 1} cannot be run on a condition")
        if first.type not in ("assignment", "augmented_assignment"):
            return [_piece(self.said(first if node.type == "return_statement" else node), turn)]
        left, right = first.child_by_field_name("left"), first.child_by_field_name("right")
        names = set(_IDENTIFIER.findall(self.tree.said(left))) if left is not None else set()
        if right is None or not self._used_behind(node, names):
            return [_piece(self.said(right or node), turn)]
        if turn == Turn():
            return [_piece(self.said(node), turn)]
        table = self._table(right)
        if table is None or len(names) != 1:
            raise CannotResume(
                f"line {node.start_point[0] + 1} gives {', '.join(sorted(names))} a value that only its run can tell",
                "Make the migration find that value by itself, and ask again",
            )
        return [_piece(self.said(right), turn), Piece(written(f"{names.pop()} = {table}"))]

    def _used_behind(self, node: Node, names: set[str]) -> bool:
        """Whether any of these names is used in the function behind a statement."""
        function = node.parent
        while function is not None and function.type != "function_definition":
            function = function.parent
        end = function.end_byte if function is not None else node.end_byte
        behind = self.tree.data[node.end_byte : end].decode("utf-8", "surrogatepass")
        return bool(names & set(_IDENTIFIER.findall(behind)))

    def _table(self, node: Node) -> str | None:
        """The table that `op.create_table` gives, as a text of its own."""
        call = next(
            (run.call for run in self.trace.runs if run.call is not None and run.call.node == node), None
        )
        if call is None or call.name != "create_table":
            return None
        sa = self.words.inspect.rpartition(".")[0]
        parts: list[str] = []
        for argument in call.arguments:
            value = argument.value
            if argument.keyword == "schema" or (not argument.keyword and not parts):
                parts.append(self.tree.said(argument.whole))
            elif is_named(value, "Column") and isinstance(value, Call):
                own = [one for one in value.arguments if not one.keyword]
                typed = own[1:2] if not (len(own) > 1 and is_named(own[1].value, "ForeignKey")) else []
                said = ", ".join(" ".join(self.tree.said(one.node).split()) for one in (*own[:1], *typed))
                parts.append(f"{sa}.column({said})")
        return f"{sa}.table({', '.join(parts)})" if len(parts) > 1 else None

    def said(self, node: Node) -> list[Line]:
        """A piece of the program as it stands."""
        span = self.tree.span(node)
        return moved(self.tree, span.start, span.end, strings_in(node))

    # What a failure leaves broken -------------------------------------------------------------------------------------

    def _clearing(self, indexes: Sequence[int]) -> list[Piece]:
        """An index that a failed build has left INVALID is dropped, and then made again."""
        runs = [self.trace.runs[index] for index in indexes]
        operation = runs[0].operation
        if operation.kind != "create-index" or "concurrently" not in operation.actions[0].traits:
            return []
        facts = [run.operation.postconditions[0] for run in runs if run.operation.postconditions]
        if len(facts) != len(runs):
            return []
        names = [
            Name(one.name.name, one.name.schema or (one.table.schema if one.table else None)) for one in facts
        ]
        say = self.conditions.say(runs)
        look = Asked("and", (self.looks.invalid(names, say),))
        if runs[0].request is not None:
            said = say([name.name for name in names])
            tables = [one.table.name for one in facts if one.table is not None]
            more = f", table_name={say(tables)}" if len(tables) == len(facts) else ""
            more += f", schema={say([name.schema or '' for name in names])}" if names[0].schema else ""
            drop = f"{self.words.op}.drop_index({said}{more}, postgresql_concurrently=True)"
        else:
            sql = [f"DROP INDEX CONCURRENTLY {self._quoted(name)}" for name in names]
            drop = f"{self.words.op}.execute({say([escaped(one) for one in sql])})"
        return [Piece(written(drop), look)]

    def _quoted(self, name: Name) -> str:
        return ".".join(self.looks.quoted(part) for part in (name.schema, name.name) if part)


def _piece(lines: list[Line], turn: Turn) -> Piece:
    return Piece(lines, turn.condition, turn.joined)
