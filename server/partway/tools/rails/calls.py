"""The calls of a migration by their names: what each sends to the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from partway.core.migration import Control
from partway.core.operation import CONDITIONAL, Action, InTransaction, Repeat
from partway.sql.assembly import assemble
from partway.tools.embedded import Piece
from partway.tools.rails import columns, keys, others, tables, validating
from partway.tools.rails.commands import SOMETHING, Asked, Command
from partway.tools.rails.making import Build, Context, Maker, Part, Statement, answers, is_conditional
from partway.tools.rails.scope import Scope
from partway.tools.rails.values import pieces_of
from partway.tools.rails.vocabulary import OF_TRANSACTIONS, RUN_SQL

BUILD: Final[dict[str, Build]] = {
    **{
        name: getattr(columns, name)
        for name in (
            "add_column", "add_columns", "add_timestamps", "change_column", "change_column_comment",
            "change_column_default", "change_column_null", "change_table_comment", "remove_column",
            "remove_columns", "remove_timestamps", "rename_column",
        )
    },
    **{
        name: getattr(keys, name)
        for name in (
            "add_check_constraint", "add_exclusion_constraint", "add_foreign_key", "add_index", "add_reference",
            "add_unique_constraint", "remove_check_constraint", "remove_exclusion_constraint",
            "remove_foreign_key", "remove_index", "remove_reference", "remove_unique_constraint",
            "rename_index",
        )
    },
    **{
        name: getattr(validating, name)
        for name in ("validate_check_constraint", "validate_constraint", "validate_foreign_key")
    },
    **{
        name: getattr(tables, name)
        for name in (
            "change_table", "create_join_table", "create_table", "drop_join_table", "drop_table",
            "rename_table",
        )
    },
    **{
        name: getattr(others, name)
        for name in (
            "add_enum_value", "create_enum", "create_schema", "create_virtual_table", "disable_extension",
            "drop_enum", "drop_schema", "drop_virtual_table", "enable_extension", "enable_index", "rename_enum",
            "rename_enum_value", "rename_schema", "rows", "truncate",
        )
    },
    "add_belongs_to": keys.add_reference,
    "remove_belongs_to": keys.remove_reference,
    "disable_index": others.enable_index,
    "truncate_tables": others.truncate,
}  # fmt: skip
#: The calls that may change rows.
CHANGES_ROWS: Final = RUN_SQL | {"rows"}


def build(context: Context, command: Command) -> list[Statement]:
    """The statements that a call sends; none for one that sends none."""
    found = BUILD.get(command.name)
    return found(context, command) if found is not None else []


def make(maker: Maker, command: Command) -> None:
    """Put what a call does into the section."""
    steps = maker.draft.steps
    first = len(steps)
    _make_here(maker, command)
    if command.aside or maker.unsettled:
        from partway.tools.rails.connections import settle  # the rarer half of the work

        settle(maker, command, first)


def _make_here(maker: Maker, command: Command) -> None:
    text = maker.context.program.tree.text
    if not command.frames or ("Rails.env" not in text and "RAILS_ENV" not in text):  # nearly always
        _make(maker, command)
        return
    from partway.tools.rails.environment import is_passed_over, marked  # the rarer half of the work

    steps = maker.draft.steps
    first = len(steps)
    _make(maker, command)
    if is_passed_over(command):
        steps[first:] = map(marked, steps[first:])


def _make(maker: Maker, command: Command) -> None:
    name = command.name
    found = BUILD.get(name)
    if found is not None:
        for statement in found(maker.context, command):
            maker.add(command, statement)
    elif name in RUN_SQL:
        _sql(maker, command)
    elif name in OF_TRANSACTIONS:
        maker.draft.sql([Piece(OF_TRANSACTIONS[name], command.span, exact=False)])
    elif name == "execute_block":
        for each in command.commands:
            make(maker, each)
    elif name == "reset_column_information":
        return  # so that Rails looks at the columns anew
    elif name in ("begin", "commit"):
        maker.draft.control(Control(name), command.span, by_tool=True)
    elif name == "irreversible":
        irreversible(maker, command, "the migration says that it cannot be taken back")
    elif name == "opaque":
        maker.draft.opaque(command.span, str(command.args[0]), str(command.args[1]))
    else:
        maker.draft.opaque(command.span, name, "a call that Partway does not know")


def not_taken_back(context: Context, commands: Iterable[Command]) -> frozenset[Asked]:
    """The conditions in `change` that ask whether what stands behind them is done. On the way down they
    are asked first, find that it is, and leave it."""
    return frozenset(
        look.asked
        for command in commands
        for statement in (build(context, command) if command.looks and not command.one_way else ())
        for look in command.looks
        if look.object != SOMETHING
        and not look.upward
        and not look.flaw
        and answers(look, [fact for part in statement for fact in part.facts], statement)
    )


def irreversible(maker: Maker, command: Command, why: str) -> None:
    """The place where the way down stops with an error."""
    target = "" if command.name == "irreversible" else command.words or command.name
    action = Action(
        "irreversible",
        target,
        command.span,
        words=target,
        repeat=Repeat.UNKNOWN,
        in_transaction=InTransaction.ROLLS_BACK,
    )
    operation = assemble([action], command.span, maker.draft.section)
    maker.draft.run(command.span, operation._replace(why_opaque=why))


def _sql(maker: Maker, command: Command) -> None:
    """`execute` and its like: the SQL in what they are given."""
    given = command.node.child_by_field_name("arguments")
    nodes = [child for child in given.named_children if child.type != "comment"] if given is not None else []
    pieces: list[Piece] | None = None
    if nodes and command.block is None:
        pieces = pieces_of(nodes[0], command_scope(maker, command))
    if pieces is None:
        said = command.args[0] if command.args else None
        pieces = [Piece(said, command.span, exact=False)] if isinstance(said, str) else None
    if pieces is None or all(piece.hole for piece in pieces):
        maker.draft.opaque(command.span, command.words or command.name, "SQL that only a run would tell")
        return
    first = len(maker.draft.steps)
    maker.draft.sql(pieces)
    for index in range(first, len(maker.draft.steps)):
        step = maker.draft.steps[index]
        operations = []
        for operation in step.operations:
            guard = maker.sql_guard(command, operation.actions)
            maker.end(command, [(each, each.guard or guard) for each in operation.actions])
            if guard is not None:
                actions = tuple(
                    action
                    if action.guard is not None and action.guard.covers
                    else action._replace(guard=guard, repeat=Repeat.SAME if guard.covers else action.repeat)
                    for action in operation.actions
                )
                operation = operation._replace(
                    actions=actions, repeat=Repeat.SAME if guard.covers else operation.repeat
                )
            parts = [Part(each.kind, each.target, each.postconditions) for each in operation.actions]
            if is_conditional(command, list(operation.postconditions), parts):
                actions = tuple(
                    each._replace(traits=each.traits | {CONDITIONAL}) for each in operation.actions
                )
                operation = operation._replace(actions=actions)
            operations.append(operation)
        maker.draft.steps[index] = step._replace(operations=tuple(operations))


def command_scope(maker: Maker, command: Command) -> Scope:
    """What the names in a call stand for."""
    return command.scope if command.scope is not None else Scope(maker.context.program)
