"""Whether a fix leaves a Rails migration as it is but for its guards: by reading the result again, the whole of it, or
only the call where nothing around it can matter; or, where all that the fix adds is one option of the call, by making
the statements of that call again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.core.edit import Edit, Fix, apply_edits
from partway.core.migration import Migration, Section
from partway.core.operation import Operation, Repeat
from partway.core.source import SourceFile, Span
from partway.dialects import dialect_named
from partway.tools.draft import Draft
from partway.tools.patience import lasts
from partway.tools.rails.calls import BUILD, build, make
from partway.tools.rails.commands import Command, Irreversible
from partway.tools.rails.independent import is_independent, method_around
from partway.tools.rails.inverse import inverse
from partway.tools.rails.making import Maker
from partway.tools.rails.reader import Reading, Run, by_itself, read_whole
from partway.tools.setup import Setup

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.wrapping import Place

#: Last arguments behind which another one can be written whatever stands there.
_CLOSED = frozenset(
    (
        "array", "constant", "false", "float", "identifier", "integer", "nil", "simple_symbol", "string",
        "string_array", "symbol_array", "true",
    )
)  # fmt: skip


def only_guards(migration: Migration, operation: Operation, fix: Fix) -> bool:
    """Whether the migration does the same as before but for its guards, read again, and the operation can be
    repeated."""
    source = migration.source
    if not lasts(migration, len(source.text)):
        return False
    try:
        text = apply_edits(source.text, fix.edits)
    except ValueError:
        return False
    after = _read(migration, text)
    return _is_proof(by_itself(migration).migration, after, operation, fix)


def is_guarded_there(
    migration: Migration, operation: Operation, command: Command, place: Place, fix: Fix
) -> bool:
    """Whether the same holds where the call is read again in a migration that has nothing else. False says nothing:
    where something around it may matter, the whole file has to be read."""
    reading = by_itself(migration)
    program = reading.context.program
    method = method_around(program, command.node)
    run = next((each for each in reading.runs if each.name == operation.section), None)
    if (
        method is None
        or run is None
        or command.looks
        or command.frames
        or place.inline
        or not program.version
        or program.tree.root.has_error
        # On the way down, what one condition asks can keep another call with the same condition from being reversed.
        or (method == "change" and any(each.looks for each in run.commands or ()))
        or not is_independent(program, command.node)
    ):
        return False
    first, last = place.line
    if any(edit.span.start < first or edit.span.end > last for edit in fix.edits):
        return False
    edits = [Edit(Span(span.start - first, span.end - first), new) for span, new in fix.edits]
    try:
        text = apply_edits(migration.source.text[first:last], edits)
    except ValueError:
        return False
    opt_out = "disable_ddl_transaction!" if program.opt_out is not None else ""
    version = ".".join(map(str, program.version))
    text = f"class A < ActiveRecord::Migration[{version}]\n{opt_out}\ndef {method}\n{text}\nend\nend\n"
    wanted = _wanted(operation)
    sections: list[Section] = []
    for section in reading.migration.sections:
        within = [step for step in section.steps if _is_in(step.span, command.span)]
        if method in ("change", section.name):
            sections.append(section._replace(steps=within))
        for each in section.operations:
            if (
                each.repeat is not Repeat.SAME
                and _wanted(each) == wanted
                and not _is_in(each.statement, command.span)
            ):
                return False
    before = reading.migration._replace(sections=tuple(sections))
    return _is_proof(before, _read(migration, text), operation, fix)


def _is_in(span: Span, whole: Span) -> bool:
    return whole.start <= span.start and span.end <= whole.end


def _read(migration: Migration, text: str) -> Migration:
    setup = Setup("rails", dialect_named(migration.dialect), migration.server)
    return read_whole(SourceFile(migration.source.path, text), setup).migration


def _is_proof(before: Migration, after: Migration, operation: Operation, fix: Fix) -> bool:
    freed = any(edit.span.start < edit.span.end for edit in fix.edits)  # of a vain option
    if len(after.troubles) > len(before.troubles) or not _same(before, after, freed=freed):
        return False
    wanted = _wanted(operation)
    return all(
        each.repeat is Repeat.SAME
        for section in after.sections
        for each in section.operations
        if _wanted(each) == wanted
    )


def is_guarded_by(migration: Migration, operation: Operation, command: Command, option: str) -> bool:
    """Whether the same holds of `option: true` behind the last argument of a call, as far as that can be told without
    reading the whole file again. False says nothing."""
    reading = by_itself(migration)
    if (
        option in command.options
        or command.looks
        or command.words.startswith("t.")
        or reading.context.program.tree.root.has_error
        or not _takes_more(command.node)
    ):
        return False
    with_option = command._replace(options={**command.options, option: True})
    wanted = _wanted(operation)
    for section, run in zip(reading.migration.sections, reading.runs, strict=True):
        both = _both(reading, run, command, with_option)
        if both is None:
            return False
        its, given = both
        if run.name != operation.section:  # how often it can be run is of no interest there
            if _sent(reading, its) != _sent(reading, given):
                return False
            continue
        made = _made(reading, run, given)
        left = [each for each in section.operations if each.statement == command.span]
        if [(each.kind, each.target) for each in made] != [(each.kind, each.target) for each in left]:
            return False
        others = (each for each in section.operations if each.statement != command.span)
        for each in (*made, *others):
            if _wanted(each) == wanted and each.repeat is not Repeat.SAME:
                return False
    return True


def _wanted(operation: Operation) -> tuple[str, str, str]:
    return operation.kind, operation.target, operation.section


def _takes_more(node: Node) -> bool:
    """Whether an argument can be written behind the last one of a call, and is one of this call."""
    given = node.child_by_field_name("arguments")
    last = given.named_children[-1] if given is not None and given.named_child_count else None
    if last is None or last.type != "pair":
        return last is not None and last.type in _CLOSED
    value = last.named_children[-1]
    return last.named_child_count == 2 and (value.type in _CLOSED or value.type == "hash")


def _both(
    reading: Reading, run: Run, command: Command, with_option: Command
) -> tuple[Command, Command] | None:
    """The call as this direction makes it, without the option and with it; None where the direction makes it otherwise
    than once and plainly."""
    if run.commands is None:
        return None
    found = [each for each in run.commands if command.span == each.span]
    if len(found) != 1 or any(each.commands for each in run.commands) or found[0].name not in BUILD:
        return None
    its = found[0]
    if not its.inverted:
        return (its, with_option) if _said(its) == _said(command) else None
    rails = reading.context.program.rails
    try:
        if _said(inverse(command, rails)) != _said(its):
            return None
        return its, inverse(with_option, rails)
    except Irreversible:
        return None


def _sent(reading: Reading, command: Command) -> list[list[tuple[object, ...]]]:
    """What operations are told by, of all that a call sends."""
    return [
        [(part.kind, part.target, part.facts, part.traits) for part in statement]
        for statement in build(reading.context, command)
    ]


def _said(command: Command) -> tuple[object, ...]:
    return command.name, command.args, command.options, command.words, command.one_way, command.looks


def _made(reading: Reading, run: Run, command: Command) -> list[Operation]:
    """What a call sends in this direction."""
    draft = Draft(run.draft.text, run.draft.setup, run.name)
    make(Maker(draft, reading.context), command)
    return [operation for step in draft.steps for operation in step.operations]


def _same(before: Migration, after: Migration, *, freed: bool) -> bool:
    """Whether the same is done in the same order, but for what clears away an index that a failed run has left, and,
    `freed` of a vain option, for what Rails refused to take back for it."""

    def told(migration: Migration) -> list[tuple[str, str, str, bool]]:
        return [
            (section.name, each.kind, each.target, each.kind == "drop-index" and each.repeat is Repeat.SAME)
            for section in migration.sections
            for each in section.operations
        ]

    left = told(before)
    for *what, clears in told(after):
        refused = freed and left and left[0][:2] == (what[0], "irreversible")
        if refused or (left and list(left[0][:3]) == what):
            left.pop(0)
        elif not clears:
            return False
    return not left
