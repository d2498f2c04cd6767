"""`if_not_exists:` and `if_exists:`: which call of which version honours them, on which adapter, and why one does not.

Read in ActiveRecord 5.2 to 8.1 and run on 6.1 by tests/runners/rails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from partway.core.operation import Guard, GuardForm
from partway.core.source import Span
from partway.tools.rails.types import is_type
from partway.tools.rails.values import Value

if TYPE_CHECKING:
    from partway.tools.rails.commands import Command
    from partway.tools.rails.making import Context

_NEVER = (99,)
#: Nothing older runs migrations that say for which version they were written: Migration[4.2] is one of 5.0's, or later.
_OLDEST = (5, 0)


class _Row(NamedTuple):
    """Since which version a call honours an option, before which version again, and on which adapters not."""

    since: tuple[int, ...]
    until: tuple[int, ...] = _NEVER
    not_on: tuple[str, ...] = ()


_IF_NOT_EXISTS = {
    "create_table": _Row((6, 0)),
    "create_join_table": _Row((6, 0)),
    "add_column": _Row((6, 1)),
    "add_columns": _Row((6, 1)),
    "add_index": _Row((6, 1)),
    "add_timestamps": _Row((6, 1), (7, 1)),
    "add_reference": _Row((7, 1)),
    "add_belongs_to": _Row((7, 1)),
    "add_foreign_key": _Row((7, 0), not_on=("sqlite",)),
    "add_check_constraint": _Row((7, 1), not_on=("sqlite",)),
    "create_schema": _Row((7, 2)),
    "add_enum_value": _Row((8, 0)),
    "create_enum": _Row((7, 0)),
}
_IF_EXISTS = {
    "drop_table": _Row((5, 0)),
    "drop_join_table": _Row((7, 1)),
    "remove_column": _Row((6, 1)),
    "remove_columns": _Row((6, 1), (7, 0)),
    "remove_index": _Row((6, 1)),
    "remove_reference": _Row((7, 1)),
    "remove_belongs_to": _Row((7, 1)),
    "remove_foreign_key": _Row((7, 0)),
    "remove_check_constraint": _Row((7, 1)),
    "drop_schema": _Row((5, 0)),
    "drop_enum": _Row((7, 1)),
}
_ROWS = {"if_not_exists": _IF_NOT_EXISTS, "if_exists": _IF_EXISTS}
#: Types that 6.1's column_exists? compares by a name that the database gives back otherwise.
_MISTYPED = frozenset(("bigint", "timestamp", "numeric", "blob"))


def option_of(call: str) -> str | None:
    """The option that would guard a call, whether or not it is honoured; None for one that needs or has no guard."""
    if call.startswith(("add_", "create_")):
        return "if_not_exists"
    return "if_exists" if call.startswith(("remove_", "drop_", "rename_")) else None


def honoured(context: Context, command: Command, kind: str, option: str) -> bool:
    """Whether an option would guard what a call does, in the version that the migration asks for and in all later
    ones."""
    row = _ROWS[option].get(command.name)
    if context.program.bare or (context.program.above and not context.rails):
        return False  # Rails may be older than all of these
    if kind == "drop-constraint" and not command.name.endswith("check_constraint") and not context.runs(8, 1):
        return False  # before 8.1 any key to that table is taken for the one in question
    if row is None or command.words.startswith("t.") or row.until != _NEVER or not context.rails:
        return (
            row is not None
            and row.until == _NEVER
            and not command.words
            and context.adapter.dialect not in row.not_on
        )
    return not _flaw(context, command, kind, option, row)


def option_guard(context: Context, command: Command, kind: str, *, bulk: bool = False) -> Guard | None:
    """The guard that an option of the call is for one thing that it does, with its flaw where it is none; None where
    there is no such option. `bulk` says that the call is collected into one ALTER TABLE."""
    options = command.options
    if "if_not_exists" not in options and "if_exists" not in options:
        return None
    for option, rows in _ROWS.items():
        if options.get(option) is True:
            if command.inverted and command.name not in rows:
                continue  # it belongs to the way up
            span = option_span(context, command, option)
            flaw = _flaw(context, command, kind, option, rows.get(command.name))
            if bulk and not flaw:
                flaw = f"Rails drops {option} of what change_table collects with bulk: true"
            guard = Guard(GuardForm.OPTION, span)
            return guard.flawed(flaw) if flaw else guard
    return None


def _flaw(context: Context, command: Command, kind: str, option: str, row: _Row | None) -> str:
    """Why an option does not protect what a call does; empty where it does."""
    call = command.words or command.name
    rails = ".".join(map(str, context.rails))
    if row is None:
        return f"Rails knows no {option} for {call} and ignores it"
    # What create_table makes itself takes over the table's own option, which is not written in its call.
    written = option_span(context, command, option) != command.span
    if written and command.words.startswith("t.") and context.since(7, 1):
        return f"{call} does not take {option} in change_table: an unless with t.column_exists? and its like does"
    if context.adapter.dialect in row.not_on or (
        context.adapter.rebuilds_tables and kind == "add-constraint"
    ):
        return f"Rails ignores {option} of {call} on SQLite, and adds a second one"
    if context.adapter.rebuilds_tables and _made_anew(command, kind):
        return f"Rails ignores {option} of {call} on SQLite where a column without a default takes no NULL"
    if (
        command.name in ("add_reference", "add_belongs_to")
        and kind == "add-column"
        and context.rails[:2] == (6, 1)
    ):
        return _type_flaw(context, command, _reference_type(context, command))
    if context.rails and max(context.rails, _OLDEST) < row.since:
        since = ".".join(map(str, row.since))
        return f"Rails {rails} ignores {option} of {call}: it is honoured since {since}"
    if flaw := _looks_for_another(context, command, kind, option):
        return flaw
    if context.rails and context.rails >= row.until:
        until = ".".join(map(str, row.until))
        return f"Rails ignores {option} of {call} since {until}"
    if (
        option == "if_not_exists"
        and command.name in ("add_column", "add_columns")
        and (6, 1) <= context.rails < (7, 0)
    ):
        type_ = command.options.get("type") if command.name == "add_columns" else command.arg(2)
        return _type_flaw(context, command, type_)
    return ""


def _looks_for_another(context: Context, command: Command, kind: str, option: str) -> str:
    """Why what Rails looks for is not quite what the call is about."""
    call, options = command.words or command.name, command.options
    if command.name == "add_check_constraint" and options.get("validate") is False:
        return f"with {option}, {call} looks for a constraint that is not validated, and misses it once it is"
    if not context.rails or "column" not in options:
        return ""
    if (
        command.name == "remove_index"
        and context.rails < (7, 1)
        and command.arg(1) is None
        and "name" not in options
    ):
        return (
            f"before Rails 7.1 {call} with {option} takes any index of the table for the one on these columns"
        )
    if command.name == "add_foreign_key" and context.rails < (7, 1):
        return f"before Rails 7.1 {call} with {option} takes any key to that table for this one"
    if command.name == "remove_foreign_key" and kind == "drop-constraint" and context.rails < (8, 1):
        return f"before Rails 8.1 {call} with {option} takes any key of the table for this one, and then finds none"
    return ""


def _made_anew(command: Command, kind: str) -> bool:
    """Whether a column is one that SQLite's ALTER TABLE cannot add, so that the table is made anew, without any
    look."""
    if kind != "add-column":
        return False
    options = command.options
    if command.name == "add_timestamps":
        return options.get("null") is not True and options.get("default") is None
    return options.get("primary_key") is True or (
        options.get("null") is False and options.get("default") is None
    )


def _reference_type(context: Context, command: Command) -> Value:
    return command.options.get("type", context.adapter.reference_type)


def _type_flaw(context: Context, command: Command, type_: Value) -> str:
    if not isinstance(type_, str):
        return ""
    if type_ in _MISTYPED or type_ in context.adapter.aliased or not is_type(type_, context.adapter):
        what = command.words or command.name
        return f"Rails 6.1 compares the type too in {what}, and never finds a column of type {type_}"
    return ""


def option_span(context: Context, command: Command, option: str) -> Span:
    """Where an option stands; the whole call where it comes from elsewhere."""
    given = command.node.child_by_field_name("arguments")
    for child in given.named_children if given is not None else ():
        if child.type == "pair" and child.named_children:
            said = child.named_children[0].text or b""
            if said.strip(b":'\"").decode("utf-8", "replace") == option:
                return context.program.tree.span(child)
    return command.span
