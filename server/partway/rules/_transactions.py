"""What the rules about transactions share: who opened the transaction around a statement, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from partway.core.migration import Control, Mode, Step
from partway.core.operation import Operation
from partway.core.source import Span
from partway.rules.case import Case

#: Kinds that change rows; their trace is not in the catalog. What a program runs is taken for one.
DATA = frozenset({"insert", "update", "delete", "merge", "copy", "run-python"})
_ENDS = frozenset({Control.COMMIT, Control.ROLLBACK})
_LONGEST = 60
#: Ruby's calls need no parentheses: `add_index :users, :name`.
_BARE_CALL = re.compile(r"([A-Za-z_][\w.:]*[!?]?) (?=[:\"'*%\[]|do\b|\w+[:,])")
_BLOCK = re.compile(r"(DO|BEGIN\s+NOT\s+ATOMIC)\b", re.IGNORECASE)


class Placed(NamedTuple):
    """A statement of a section: its place among the statements, and the index of its first operation."""

    at: int
    step: Step
    first: int

    @property
    def indexes(self) -> range:
        """The indexes of its operations."""
        return range(self.first, self.first + len(self.step.operations))


def placed(case: Case) -> list[Placed]:
    """Every statement of the section in order."""
    return case.once(_placed)


def _placed(case: Case) -> list[Placed]:
    found, index = [], 0
    for at, step in enumerate(case.section.steps):
        found.append(Placed(at, step, index))
        index += len(step.operations)
    return found


def begin_before(case: Case, span: Span) -> Span | None:
    """The BEGIN whose transaction is open where a statement stands, None where the text opened none."""
    begun: Span | None = None
    for step in case.section.steps:
        if step.span.start >= span.start:
            break
        if step.control is Control.BEGIN:
            begun = begun or step.span
        elif step.control in _ENDS:
            begun = None
    return begun


def who_opened(case: Case, index: int, span: Span) -> str:
    """Who opened the transaction that the operation with this index stands in, as a clause."""
    if index in case.flow.own:
        begun = begin_before(case, span)
        if begun is not None:
            return f"{opening(case, begun)} on line {case.line(begun)} opened one"
    if case.section.transaction.mode is Mode.NONE:
        return (
            f"the tool sends it with others as one query, which {case.dialect.title} runs as one transaction"
        )
    return case.section.transaction.reason


def together(case: Case, before: Span, after: Span) -> bool:
    """Whether nothing between two statements ends a transaction."""
    return not any(
        step.control in _ENDS for step in case.section.steps if before.start < step.span.start < after.start
    )


def lasting_operations(case: Case) -> Iterator[tuple[int, Operation]]:
    """The operations that leave something behind in the database, with their indexes."""
    return ((index, case.operations[index]) for index in case.flow.lasting)


def made_before(case: Case, operation: Operation, type_: str) -> bool:
    """Whether the section makes the type of this name before this operation."""
    for earlier in case.operations:
        if earlier is operation:
            return False
        if any(action.kind == "create-type" and action.target == type_ for action in earlier.actions):
            return True
    return False


def is_block(case: Case, operation: Operation) -> bool:
    """Whether an operation stands in a procedural block that is run at once, such as PostgreSQL's DO."""
    return _BLOCK.match(case.text(operation.statement)) is not None


def opening(case: Case, span: Span) -> str:
    """The first words of a statement, enough to know it by; of a program its first line, up to the arguments."""
    if is_program(case, span):
        return _call(case.text(first_line(case, span))) or _at_a_block(case, span)
    words = " ".join(case.text(span)[: _LONGEST * 4].split()).partition("(")[0].rstrip().rstrip(";")
    return words if len(words) <= _LONGEST else words[:_LONGEST].rpartition(" ")[0] + " ..."


def is_program(case: Case, span: Span) -> bool:
    """Whether a stretch of the migration is a program, not SQL, in a string of one or else."""
    migration = case.migration
    return migration.comment != "--" and not any(
        start <= span.start and span.end <= end for start, end in migration.embedded
    )


def _at_a_block(case: Case, span: Span) -> str:
    """The place where a program's block opens a transaction, which is a call, or ends it, which is no text at all."""
    rest = case.text(first_line(case, Span(span.start, len(case.migration.source.text))))
    return _call(rest) or "the end of the transaction"


def _call(line: str) -> str:
    """A call without its arguments: `op.create_index`, `with op.get_context().autocommit_block()`."""
    called = line.strip().removeprefix("with ").rstrip(" :(")
    if called.endswith("()"):
        return called
    bare = _BARE_CALL.match(called)
    return bare[1] if bare is not None else called.partition("(")[0].rstrip()


def first_line(case: Case, span: Span) -> Span:
    """A span cut to its first line."""
    text = case.text(span)
    ends = [at for newline in "\r\n" if (at := text.find(newline)) >= 0]
    return Span(span.start, span.start + len(text[: min(ends, default=len(text))].rstrip()))
