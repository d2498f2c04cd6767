"""Resume migrations in SQL: each statement of the failed migration, in its author's words, behind what keeps it from
running again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

from partway.core.edit import Applicability, apply_edits
from partway.core.operation import Action, InTransaction, Operation, Repeat
from partway.core.postcondition import Postcondition
from partway.core.source import Span
from partway.dialects import dialect_named
from partway.dialects.catalog import Block, catalog
from partway.dialects.dialect import Way
from partway.sql.guards import guard
from partway.sql.guards.frame import Frame
from partway.tools.place import file_name
from partway.tools.resuming import CannotResume, Request, Step, statements
from partway.tools.resuming_conditional import conditional


#: Of a line of comment, in characters.
_WIDEST = 96


class Style(NamedTuple):
    """How a tool wants SQL. `wrap` are the lines around a statement with terminators inside. `later` is a condition
    that is true where the resume must do nothing, since a later migration has run; empty where the tool sees to that,
    or nobody records what ran."""

    wrap: tuple[str, str] | None = None
    later: str = ""


def visible(dialect: str, fact: Postcondition) -> bool:
    """Whether SQL can ask the catalog about a fact."""
    return catalog(dialect).lookup(fact, found=True) is not None


def body(request: Request, style: Style) -> str:
    """The statements of a resume migration, a blank line between two. Raises CannotResume."""
    return "\n\n".join(_Body(request, style).parts()) + "\n"


def in_lines_of(request: Request, text: str) -> str:
    """The text with the line ends of the failed migration."""
    return re.sub(r"(?<!\r)\n", request.migration.source.newline, text)


def header(request: Request, comment: str = "--") -> list[str]:
    """The lines that say what this file is, and what was found, when and where."""
    name = file_name(request.file.path)
    said = [f"Finishes {name}, which stopped half way."]
    if request.found is not None:
        said.append(f"{request.found.when}, {request.found.database}: {request.found.sentence}.")
    said.append(
        "Each statement looks first whether it has run, so that this is right wherever the migration stopped, and does"
        " nothing where all of it is there."
    )
    said += [f"Not repeated: {_named(each.operation)} has run ({each.why})." for each in request.left_out]
    lines = (line for text in said for line in wrap(" ".join(text.split()), _WIDEST))
    return [f"{comment} {line}" for line in lines]


def _named(operation: Operation) -> str:
    return f"{operation.kind} {operation.target}".strip()


class _Body:
    def __init__(self, request: Request, style: Style) -> None:
        self.request = request
        self.style = style
        self.text = request.migration.source.text
        self.dialect = dialect_named(request.migration.dialect)
        self.catalog = catalog(self.dialect.name)

    def parts(self) -> list[str]:
        """One text for each statement, or for several that run together."""
        found: list[str] = []
        groups = statements(self.request.steps)
        at = 0
        while at < len(groups):
            end = at + 1
            while end < len(groups) and groups[end][0].joined:
                end += 1
            found.append(self._part(groups[at:end]))
            at = end
        return found

    def _part(self, groups: Sequence[tuple[Step, ...]]) -> str:
        leader = groups[0][-1]
        frames = [self._frame(group[0].operation) for group in groups]
        needless = not leader.unless and leader.empty is None and not leader.joined
        if len(groups) == 1:
            bare = needless and (not self.style.later or _leaves_nothing(leader.operation))
            if bare or (not self.style.later and self._guarded_already(leader)):
                return self._plain(frames[0])
            if not self.style.later or self._refused(leader.operation) or self.catalog.block is Block.NONE:
                natural = self._natural(groups[0])
                if natural is not None:
                    return natural
        if any(self._refused(group[0].operation) for group in groups):
            return self._in_pieces(groups)
        found = conditional(frames, leader, self.style.later, self.catalog)
        if found is not None:
            return found
        if self.catalog.block is Block.NONE and leader.ran is False and not self.style.later:
            return "\n".join(self._plain(frame) for frame in frames)
        return self._last_resort(groups, frames)

    def _last_resort(self, groups: Sequence[tuple[Step, ...]], frames: Sequence[Frame]) -> str:
        """What cannot stand behind a condition: by its own guard, else as it is where it has not run."""
        natural = self._natural(groups[0])
        if natural is not None:
            return natural
        leader = groups[0][-1]
        if leader.ran is False:
            return "\n".join(self._plain(frame) for frame in frames)
        raise CannotResume(
            f"operation {leader.number}, {_named(leader.operation)}, has no guard in {self.dialect.title}'s SQL",
            "Ask the database which operations have run (--database), or say how many (--applied)",
        )

    def _frame(self, operation: Operation) -> Frame:
        newline = self.request.migration.source.newline
        return Frame(self.text, operation.statement, self.dialect.lexis, newline, self.style.wrap)

    def _plain(self, frame: Frame) -> str:
        """The statement as its author wrote it."""
        said, end = frame.moved(""), frame.terminator
        if end != ";":
            return f"DELIMITER {end}\n{said}{end}\nDELIMITER ;"
        if frame.wrap is not None and ";" in said:
            return f"{frame.wrap[0]}\n{said};\n{frame.wrap[1]}"
        return f"{said};"

    def _guarded_already(self, step: Step) -> bool:
        """Whether its author's guard says the same as the catalog would."""
        operation = step.operation
        guarded = operation.repeat is Repeat.SAME and any(a.guard is not None for a in operation.actions)
        return guarded and self._own(step) and not self._needs_look(operation)

    def _needs_look(self, operation: Operation) -> bool:
        """Whether IF NOT EXISTS would keep what a failed run left broken."""
        return any(self._way(action) is Way.DROP_IF_INVALID for action in operation.actions)

    def _way(self, action: Action) -> Way | None:
        row = self.dialect.row(action.kind, action.traits, self.request.migration.server)
        return self.dialect.way(row, self.request.migration.server) if row is not None else None

    def _own(self, step: Step) -> bool:
        """Whether nothing but its own facts shows that it ran: then its own guard is enough."""
        own = {(fact.object, fact.name, fact.table, fact.present) for fact in step.operation.postconditions}
        return len(step.unless) == 1 and all(
            (fact.object, fact.name, fact.table, fact.present) in own for fact in step.unless[0]
        )

    def _natural(self, group: tuple[Step, ...]) -> str | None:
        """The statement with the guard that the dialect has for it; None where that asks something else, or is none."""
        step = group[-1]
        if len(group) > 1 or step.empty is not None or not self._own(step):
            return None
        operation = step.operation
        if self._needs_look(operation):
            operation = operation._replace(
                actions=tuple(one._replace(repeat=Repeat.FAILS) for one in operation.actions)
            )
        newline = self.request.migration.source.newline
        fix = guard(
            self.text,
            operation,
            self.dialect,
            self.request.migration.server,
            newline=newline,
            wrap=self.style.wrap,
        )
        if fix is None or fix.applicability is not Applicability.SAFE:
            return None
        frame = self._frame(operation)
        start = min([frame.span.start, *(edit.span.start for edit in fix.edits)])
        end = max([frame.stop, *(edit.span.end for edit in fix.edits)])
        edits = [e._replace(span=Span(e.span.start - start, e.span.end - start)) for e in fix.edits]
        said = apply_edits(self.text[start:end], edits).strip()
        return said if said.endswith(frame.terminator) else f"{said}{frame.terminator}"

    def _refused(self, operation: Operation) -> bool:
        """Whether the engine refuses it inside a transaction, and so inside a block."""
        return any(action.in_transaction is InTransaction.REFUSED for action in operation.actions)

    def _in_pieces(self, groups: Sequence[tuple[Step, ...]]) -> str:
        leader = groups[0][-1]
        natural = self._natural(groups[0]) if len(groups) == 1 else None
        if natural is not None:
            return natural
        if leader.ran is False and len(groups) == 1:
            return self._plain(self._frame(leader.operation))
        raise CannotResume(
            f"operation {leader.number}, {_named(leader.operation)}, runs in no transaction, and in SQL nothing else"
            " can keep it from running twice",
            f"Look whether it ran, and say so: --assume-applied {leader.number} or --assume-pending {leader.number}",
        )


def _leaves_nothing(operation: Operation) -> bool:
    return not operation.postconditions and operation.kind in ("set", "use", "analyze", "vacuum")
