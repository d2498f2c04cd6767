"""Guards in Rails's migrations: an option where this version honours it, else a condition that looks at the database.

In `change` only what Rails turns round with the call: an option, or `reversible` with a condition for each direction.
"""

from __future__ import annotations

from collections.abc import Collection

from partway.core.edit import Applicability, Edit, Fix
from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.core.postcondition import Name
from partway.core.source import Span
from partway.tools.proof_in_strings import is_guarded_in_strings
from partway.tools.rails.calls import build
from partway.tools.rails.commands import Command
from partway.tools.rails.conditions import condition, way_back
from partway.tools.rails.guards import honoured, option_of
from partway.tools.rails.making import Context
from partway.tools.rails.proof import is_guarded_by, is_guarded_there, only_guards
from partway.tools.rails.reader import by_itself, drafts_of
from partway.tools.rails.wrapping import argument_text, place_of, without_option
from partway.tools.writing import write_sql

_PLAIN = frozenset(("IF NOT EXISTS ", "IF EXISTS ", " IF NOT EXISTS", " IF EXISTS"))
_REFERENCES = frozenset(("add_reference", "add_belongs_to"))
_BUILDS_INDEX = _REFERENCES | {"add_index"}
#: Calls whose look-up tells only of the first of several statements that they send: a person decides.
_FIRST_OF_SEVERAL = frozenset(("rename_table", "rename_column"))


def write(
    migration: Migration,
    operation: Operation,
    *,
    reused: bool,
    fresh: bool,
    taken: Collection[str],
    alone: bool,
) -> Fix | None:
    """The fix that guards an operation; None where no true guard can be written here."""
    proven = False
    if not any(action.words for action in operation.actions):
        fix = write_sql(migration, operation, reused=reused, fresh=fresh, taken=taken, alone=alone)
        if fix is not None and not all(edit.text in _PLAIN for edit in fix.edits):
            return None  # statements of their own do not go into a string of somebody else's
        proven = fix is not None and is_guarded_in_strings(migration, operation, fix, drafts_of(migration))
    else:
        writer = _Writer(migration, operation)
        fix = writer.fix()
        proven = writer.proven
    if fix is None or not (proven or only_guards(migration, operation, fix)):
        return None
    return fix._replace(applicability=Applicability.UNSAFE) if reused else fix


class _Writer:
    """One operation being guarded."""

    def __init__(self, migration: Migration, operation: Operation) -> None:
        self.migration = migration
        self.operation = operation
        self.reading = by_itself(migration)
        self.context = self.reading.context
        self.program = self.context.program
        #: Whether the fix is known to do nothing but guard, so that nothing need be read again.
        self.proven = False
        self.in_change = operation.section not in self.program.methods

    def fix(self) -> Fix | None:
        """The fix; None where there is none."""
        if self.in_change and self.operation.section == "down":
            return None
        command = self._command()
        if command is None:
            return None
        self.in_change = self.in_change and not command.one_way
        option = option_of(command.name)
        if option is None:
            return None
        clearing = self._clearing(command) if command.name in _BUILDS_INDEX else ()
        if clearing is None:
            return None
        if command.options.get(option) is True and clearing:
            return Fix("Drop the index first if a failed run has left it invalid", tuple(clearing))
        if self._takes(command, option):
            edit = self._with_option(command, option) if option not in command.options else None
            if edit is None:
                return None
            title = f"Give {command.words or command.name} {option}: true"
            fix = Fix(title, tuple(sorted((*clearing, edit))))
            place = place_of(self.program, command.node) if clearing else None
            if place is None:
                self.proven = is_guarded_by(self.migration, self.operation, command, option)
            else:
                self.proven = is_guarded_there(self.migration, self.operation, command, place, fix)
            return fix
        return self._looking(command, clearing)

    def _command(self) -> Command | None:
        """The call that the operation belongs to; that of its table for an index in the block of create_table."""
        run = next((each for each in self.reading.runs if each.name == self.operation.section), None)
        commands = run.commands if run is not None else None
        if commands is None:
            return None
        span = self.operation.statement
        for command in commands:
            inside = command.span.start <= span.start and span.end <= command.span.end
            if command.span == span or (inside and command.name in ("create_table", "create_join_table")):
                same = [each for each in commands if each.span == command.span]
                return command if len({each.name for each in same}) == 1 else None
        return None

    def _takes(self, command: Command, option: str) -> bool:
        """Whether the option guards all that the call does, here and in each newer version."""
        creates = command.name.startswith("create_")
        if (creates and command.options.get("force")) or (
            self.in_change and not _turned_with_option(self.context, command)
        ):
            return False
        return all(
            honoured(self.context, command, part.kind, option)
            for statement in build(self.context, command)
            for part in statement
            if part.kind not in ("comment",)
        )

    def _with_option(self, command: Command, option: str) -> Edit | None:
        """The edit that puts the option behind the last argument."""
        given = command.node.child_by_field_name("arguments")
        children = (
            [child for child in given.named_children if child.type != "comment"] if given is not None else []
        )
        if not children or children[-1].type in (
            "block_argument",
            "hash",
            "splat_argument",
            "heredoc_beginning",
        ):
            return None
        if command.options and children[-1].type not in ("pair", "hash_splat_argument"):
            return None  # a variable holds the options, and Ruby takes no more behind it
        last, text = children[-1], self.migration.source.text
        rocket = any(b"=>" in (child.text or b"") for child in children if child.type == "pair")
        said = f":{option} => true" if rocket else f"{option}: true"
        end = self.program.tree.span(last).end
        before = children[-2] if len(children) > 1 else None
        if before is not None and before.start_point[0] != last.start_point[0] and last.type == "pair":
            start = self.program.tree.span(last).start
            line = text.rfind("\n", 0, start) + 1
            return Edit(Span(end, end), f",{self.migration.source.newline}{text[line:start]}{said}")
        return Edit(Span(end, end), f", {said}")

    def _looking(self, command: Command, clearing: Collection[Edit]) -> Fix | None:
        """The fix that puts the call behind a condition."""
        statements = [each for each in build(self.context, command) if each[0].kind != "comment"]
        if len(statements) != 1:
            return None
        found = condition(self.context, command)
        place = place_of(self.program, command.node)
        if found is None or place is None:
            return None
        edits = list(without_option(self.program, command.node))
        if self.in_change:
            back = way_back(self.context, command)
            if back is None or clearing:
                return None
            edits += place.reversible(found, back, self.migration.source.newline)
        else:
            edits += [*place.under(found, self.migration.source.newline), *clearing]
        applicability = Applicability.UNSAFE if command.name in _FIRST_OF_SEVERAL else Applicability.SAFE
        fix = Fix(f"Ask first: {found}", tuple(sorted(edits)), applicability)
        self.proven = is_guarded_there(self.migration, self.operation, command, place, fix)
        return fix

    def _clearing(self, command: Command) -> tuple[Edit, ...] | None:
        """The line before a concurrent index that drops what a failed run has left of it, whichever of the call's
        statements is being guarded; None where there is no place."""
        parts = [part for statement in build(self.context, command) for part in statement]
        built = [part for part in parts if part.kind == "create-index" and "concurrently" in part.traits]
        if not built:
            return ()
        place = place_of(self.program, command.node)
        fact = next((fact for part in built for fact in part.facts), None)
        table = argument_text(command.node, 0)
        if place is None or fact is None or place.inline or table is None or command.looks:
            return None
        if self.in_change and not self.context.since(5, 2):
            return None  # up_only came with 5.2
        drop = f"remove_index {table}, name: {_quoted(fact.name.name)}, algorithm: :concurrently"
        if self.context.rails and self.context.runs(8, 1):  # before, the columns have to be said
            lines = [f"{drop} if index_exists?({table}, name: {_quoted(fact.name.name)}, valid: false)"]
        else:
            query = f"WHERE indexrelid = to_regclass('{_sql_name(fact.name)}')"
            lines = [
                f"{drop} if select_value(<<~SQL)",
                "  SELECT NOT indisvalid FROM pg_index",
                f"  {query}",
                "SQL",
            ]
        if self.in_change:
            lines = ["up_only do", *(f"  {line}" for line in lines), "end"]
        return (place.before(lines, self.migration.source.newline),)


def _sql_name(name: Name) -> str:
    """A name in PostgreSQL's own words."""
    parts = [part for part in (name.schema, name.name) if part]
    return ".".join(part if part.islower() and part.isidentifier() else f'"{part}"' for part in parts)


def _quoted(name: str) -> str:
    return f":{name}" if name.isidentifier() else f'"{name}"'


def _turned_with_option(context: Context, command: Command) -> bool:
    """Whether Rails turns the call of `change` round with the option as it does without it. Before 8.0 it then looks
    for a foreign key with such an option, and finds none; of a check constraint without a name it has nothing to look
    for."""
    options = command.options
    if command.name == "add_foreign_key" or (command.name in _REFERENCES and options.get("foreign_key")):
        return context.runs(8, 0)
    if command.name == "add_check_constraint":
        return "name" in options
    if command.name in ("drop_table", "drop_join_table"):
        return command.name == "drop_join_table" or command.block is not None
    return True
