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
from partway.tools import resuming_sqlite
from partway.tools.place import file_name
from partway.tools.resuming import CannotResume, Formula, Request, Step, named, statements
from partway.tools.resuming_conditional import conditional, stop_prepared, stop_where

#: Of a line of comment, in characters.
_WIDEST = 96
#: Before and behind a statement that is a comment to other servers: /*!50000 ... */.
_OPENING = re.compile(r"/\*M?!\d*\s*\Z")
_LONGEST_OPENING = 40
_CLOSE = re.compile(r"\s*\*/")


class Style(NamedTuple):
    """How a tool wants SQL. `wrap` are the lines around a statement with terminators inside. `later` is a condition
    that is true where the resume must do nothing, since a later migration has run; empty where the tool sees to that,
    or nobody records what ran. `alone`: no tool opens a transaction around it, since a person runs it."""

    wrap: tuple[str, str] | None = None
    later: str = ""
    alone: bool = False


def visible(dialect: str, fact: Postcondition) -> bool:
    """Whether SQL can ask the catalog about a fact."""
    return catalog(dialect).lookup(fact, found=True) is not None


def body(request: Request, style: Style) -> str:
    """The statements of a resume migration, a blank line between two. Raises CannotResume."""
    found = Body(request, style)
    parts = resuming_sqlite.parts(found) if found.catalog.block is Block.NONE else found.parts()
    return "\n\n".join(parts) + "\n"


def in_lines_of(request: Request, text: str) -> str:
    """The text with the line ends of the failed migration."""
    return re.sub(r"(?<!\r)\n", request.migration.source.newline, text)


def is_general(request: Request, style: Style) -> bool:
    """Whether the statements are right wherever the migration stopped, not only where it was found to."""
    found = Body(request, style)
    return found.catalog.block is not Block.NONE or resuming_sqlite.is_general(found)


def header(request: Request, *, general: bool) -> list[str]:
    """The lines that say what this file is, and what was found, when and where."""
    name = file_name(request.file.path)
    said = [f"Finishes {name}, which stopped half way."]
    if request.found is not None:
        said.append(f"{request.found.when}, {request.found.database}: {request.found.sentence}.")
    if not general:
        said.append(
            "It is right where the migration stopped at this point; elsewhere it fails and changes nothing."
        )
    else:
        said.append(
            "Each statement looks first whether it has run, so that this is right wherever the migration stopped, and"
            " does nothing where all of it is there."
        )
    said += request.only_here
    said += [f"Not repeated: {named(each.operation)} has run ({each.why})." for each in request.left_out]
    return comment(said)


def comment(sentences: Sequence[str]) -> list[str]:
    """Sentences as lines of comment, each begun on a line of its own."""
    return [f"-- {line}" for text in sentences for line in wrap(" ".join(text.split()), _WIDEST)]


class Body:
    """The statements of one resume migration."""

    def __init__(self, request: Request, style: Style) -> None:
        self.request = request
        self.style = style
        self.text = request.migration.source.text
        self.dialect = dialect_named(request.migration.dialect)
        self.catalog = catalog(self.dialect.name)
        gone = [each.number for each in request.steps if _takes_away(each.operation)]
        #: From here on nothing is renamed or taken away that an earlier statement speaks of.
        self.settled = max(gone, default=-1)

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
        frames = [self.frame(group[0].operation) for group in groups]
        if len(groups) == 1:
            needless = not leader.unless and leader.empty is None and not leader.joined
            if leader.ran is True and self._refused(leader.operation) and _takes_away(leader.operation):
                return self._omitted(leader.operation)
            if needless and leader.blind:
                return self._repeatable(leader)
            if needless and (not self.style.later or _leaves_nothing(leader.operation)):
                return self.plain(frames[0])
            if not self.style.later:
                found = self.guarded(groups[0])
                if found is not None:
                    return found
        if any(self._refused(group[0].operation) for group in groups):
            return self._stopping(groups)
        found = conditional(frames, leader, self.style.later, self.catalog)
        return found if found is not None else self._code(groups, frames)

    def _code(self, groups: Sequence[tuple[Step, ...]], frames: Sequence[Frame]) -> str:
        """What cannot stand behind a condition, such as a trigger on MySQL: by the guard that the dialect has for it,
        which holds no data and comes to the same when it is made once more; else as it is, where it has not run."""
        leader = groups[0][-1]
        operation = leader.operation
        if len(groups) == 1 and operation.kind.partition("-")[2] in self.catalog.dropped_first:
            found = self._with_guard(operation)
            if found is not None:
                return self._unless_run((), found)
        if len(groups) == 1 and self._own(leader) and not self._speaks_of_what_goes(leader):
            found = self._with_guard(operation)
            if found is not None:
                return self._unless_run((), found)
        server = self.request.migration.server
        if self.dialect.prepares_everything and server >= self.dialect.prepares_everything:
            found = conditional(frames, leader, self.style.later, self.catalog, everything=True)
            if found is not None:
                return found
        if leader.ran is False:
            # Nothing keeps it from running again: it stops with an error where it has.
            return self._unless_run(leader.unless, "\n".join(self.plain(frame) for frame in frames))
        raise CannotResume(
            f"operation {leader.number}, {named(operation)}, has no guard in {self.dialect.title}'s SQL",
            "Ask the database which operations have run (--database), or say how many (--applied)",
        )

    @staticmethod
    def _omitted(operation: Operation) -> str:
        """What has run, and would run again, since no block can hold it and its words ask for the name alone."""
        return f"-- Not repeated, since it runs in no block: {named(operation)} has run."

    def _repeatable(self, step: Step) -> str:
        """What nothing shows, and nothing keeps from running again: with words that do."""
        words = self._with_guard(step.operation)
        if words is None:
            raise CannotResume(
                f"nothing shows whether operation {step.number}, {named(step.operation)}, has run, or would keep it"
                " from running again where all of the migration has",
                f"Finish by hand, or say that it has not run on any database: --assume-pending {step.number}",
            )
        return self._unless_run((), words)

    def _unless_run(self, unless: Formula, words: str) -> str:
        """Statements that stand in no condition, behind one that stops with an error where they have run, or a later
        migration."""
        later = self.style.later
        if not later and not unless:
            return words
        if self.catalog.block is Block.DO:
            stop = stop_where(unless, later, self.style.wrap, self._has_run, self.catalog)
        else:
            stop = stop_prepared(unless, later, self._has_run, self.catalog)
        return f"{stop}\n\n{words}"

    def _speaks_of_what_goes(self, step: Step) -> bool:
        """Whether a step's statement has the name of something that a later one renames or takes away."""
        said = self.text[step.operation.statement.start : step.operation.statement.end]
        gone = {
            fact.name.name
            for later in self.request.steps
            if later.number > step.number
            for fact in later.operation.postconditions
            if not fact.present
        }
        return any(not name or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said, re.I) for name in gone)

    def frame(self, operation: Operation) -> Frame:
        """Where an operation's statement stands, with the comment around it that only some servers run."""
        newline = self.request.migration.source.newline
        start, end = operation.statement.start, operation.statement.end
        opening = _OPENING.search(self.text[:start][-_LONGEST_OPENING:])
        close = _CLOSE.match(self.text, end)
        if self.dialect.lexis.executable_comments and opening is not None and close is not None:
            start, end = start - len(opening.group()), close.end()
        return Frame(self.text, Span(start, end), self.dialect.lexis, newline, self.style.wrap)

    def plain(self, frame: Frame) -> str:
        """The statement as its author wrote it."""
        said, end = frame.moved(""), frame.terminator
        if end != ";":
            return f"DELIMITER {end}\n{said}{end}\nDELIMITER ;"
        if frame.wrap is not None and ";" in said:
            return f"{frame.wrap[0]}\n{said};\n{frame.wrap[1]}"
        return f"{said};"

    def guarded(self, group: tuple[Step, ...]) -> str | None:
        """The statement with the words that the dialect has to guard it; None where they would ask something else than
        whether it has run, or it speaks of what a later one renames or takes away."""
        step = group[-1]
        operation = step.operation
        ways = {self._way(action) for action in operation.actions if action.postconditions}
        if len(group) > 1 or step.empty is not None or step.number < self.settled or not self._own(step):
            return None
        if not ways <= _WORDS or operation.kind.startswith("rename-"):
            return None
        if operation.kind == "drop-partition" and self._loses_its_partitions(step):
            return None  # DROP PARTITION IF EXISTS fails on a table that has none
        if Way.IF_NOT_EXISTS in ways and any(("kind", "foreign key") in p.attributes for p in step.unless[0]):
            return None  # MariaDB wants a name for the index then, which makes it another one than it would make itself
        asked = {fact.present for fact in step.unless[0]}
        if asked != {Way.IF_EXISTS not in ways}:
            return None
        if operation.repeat is Repeat.SAME and Way.DROP_IF_INVALID not in ways:
            return self.plain(self.frame(operation))
        return self._with_guard(operation)

    def _loses_its_partitions(self, step: Step) -> bool:
        """Whether a later step takes away the partitioning of this one's table."""
        tables = {fact.table for fact in step.operation.postconditions}
        later = [one.operation for one in self.request.steps if one.number > step.number]
        later += [one.operation for one in self.request.left_out if one.number > step.number]
        return any(
            fact.name in tables and ("partitioned", "no") in fact.attributes
            for operation in later
            for fact in operation.postconditions
        )

    def _own(self, step: Step) -> bool:
        """Whether nothing but its own facts shows that it ran."""
        own = {_thing(fact) for fact in step.operation.postconditions}
        return len(step.unless) == 1 and own.issuperset(map(_thing, step.unless[0]))

    def _way(self, action: Action) -> Way | None:
        row = self.dialect.row(action.kind, action.traits, self.request.migration.server)
        return self.dialect.way(row, self.request.migration.server) if row is not None else None

    def _with_guard(self, operation: Operation) -> str | None:
        """The statement with the guard that a fix would write; None for none that is safe."""
        if any(self._way(action) is Way.DROP_IF_INVALID for action in operation.actions):
            # The author's own IF NOT EXISTS would keep an INVALID index.
            bare = tuple(
                action._replace(
                    repeat=Repeat.FAILS,
                    guard=action.guard.flawed("keeps what is INVALID") if action.guard else None,
                )
                for action in operation.actions
            )
            operation = operation._replace(actions=bare)
        if operation.repeat is Repeat.SAME and operation.guarded:
            return self.plain(self.frame(operation))
        newline, server = self.request.migration.source.newline, self.request.migration.server
        fix = guard(self.text, operation, self.dialect, server, newline=newline, wrap=self.style.wrap)
        if fix is None or fix.applicability is not Applicability.SAFE:
            return None
        frame = self.frame(operation)
        start = min([frame.span.start, *(edit.span.start for edit in fix.edits)])
        end = max([frame.stop, *(edit.span.end for edit in fix.edits)])
        edits = [e._replace(span=Span(e.span.start - start, e.span.end - start)) for e in fix.edits]
        said = apply_edits(self.text[start:end], edits).strip()
        said = said if said.endswith(frame.terminator) else f"{said}{frame.terminator}"
        return said if frame.terminator == ";" else f"DELIMITER {frame.terminator}\n{said}\nDELIMITER ;"

    def _refused(self, operation: Operation) -> bool:
        """Whether the engine refuses it inside a transaction, and so inside a block."""
        return any(action.in_transaction is InTransaction.REFUSED for action in operation.actions)

    def _stopping(self, groups: Sequence[tuple[Step, ...]]) -> str:
        """What runs in no block, such as CREATE INDEX CONCURRENTLY: with its words, and before it a block that stops
        with an error where it has run and the words would not see that."""
        leader = groups[0][-1]
        operation = leader.operation
        words = self._with_guard(operation) if len(groups) == 1 else None
        if words is None:
            raise CannotResume(
                f"operation {leader.number}, {named(operation)}, runs in no transaction, and nothing in SQL can"
                " keep it from running twice",
                f"Look whether it ran, and say so: --assume-applied {leader.number}",
            )
        own = {_thing(fact) for fact in operation.postconditions}
        others = [one for one in leader.unless if not own.issuperset(map(_thing, one))]
        if leader.ran is True and others:
            return self._omitted(operation)
        if not others and not self.style.later:
            return words
        stop = stop_where(tuple(others), self.style.later, self.style.wrap, self._has_run, self.catalog)
        return f"{stop}\n\n{words}"

    @property
    def _has_run(self) -> str:
        """What an error says that stops the resume on purpose."""
        name = file_name(self.request.file.path)
        return f"{name} has got further here than this was written for"


#: What leaves nothing behind, or nothing but in its session.
_IDLE = frozenset({"set", "use", "analyze", "vacuum", "prepare", "deallocate"})
#: Guards that are words, or a look of their own, and that ask for the thing itself.
_WORDS = frozenset({Way.IF_NOT_EXISTS, Way.IF_EXISTS, Way.DROP_IF_INVALID})


def _thing(fact: Postcondition) -> tuple[object, ...]:
    return fact.object, fact.name, fact.table, fact.present


def _takes_away(operation: Operation) -> bool:
    """Whether what an earlier statement speaks of may be gone, or have another name."""
    return any(not fact.present for fact in operation.postconditions)


def _leaves_nothing(operation: Operation) -> bool:
    return not operation.postconditions and operation.kind in _IDLE
