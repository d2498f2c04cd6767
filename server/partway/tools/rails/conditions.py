"""The conditions that guard calls, in the words of the migration's own arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.tools.rails.commands import Command
from partway.tools.rails.keys import Reference
from partway.tools.rails.making import Context
from partway.tools.rails.names import foreign_key_column
from partway.tools.rails.tables import join_table_name
from partway.tools.rails.wrapping import argument_text, option_text

if TYPE_CHECKING:
    from tree_sitter import Node


def condition(context: Context, command: Command) -> str | None:
    """What to ask before this call, `if` or `unless` included; None where Rails has no true look-up for it.

    The answer is one that this version and later ones give, and that only what the call itself does turns round.
    """
    node, name, options = command.node, command.name, command.options
    if command.words.startswith("t."):
        return _in_table(command)
    table, second = argument_text(node, 0), argument_text(node, 1)
    if table is None:
        return None
    asks = _receiver(node)
    if name == "create_table":
        return f"unless {asks}table_exists?({table})"
    if name in ("drop_table", "rename_table"):
        return (
            f"if {asks}table_exists?({table})" if len(command.args) == 1 or name == "rename_table" else None
        )
    if name in ("create_join_table", "drop_join_table"):
        word = "unless" if name == "create_join_table" else "if"
        return f"{word} {asks}table_exists?(:{join_table_name(command)})"
    if name in ("create_schema", "drop_schema"):
        return f"{'unless' if name == 'create_schema' else 'if'} {asks}schema_exists?({table})"
    if name in ("add_timestamps", "remove_timestamps"):
        return f"{'unless' if name == 'add_timestamps' else 'if'} {asks}column_exists?({table}, :created_at)"
    if second is None and name != "remove_index":
        return None
    if name == "remove_columns":
        return f"if {asks}column_exists?({table}, {second})"
    if name in ("add_column", "remove_column", "rename_column"):
        return f"{'unless' if name == 'add_column' else 'if'} {asks}column_exists?({table}, {second})"
    if name in ("add_reference", "add_belongs_to", "remove_reference", "remove_belongs_to"):
        reference = Reference(context, command.arg(1), options)
        if reference.foreign_key or (reference.index and name.startswith("add")) or reference.polymorphic:
            return None
        word = "unless" if name.startswith("add") else "if"
        return f"{word} {asks}column_exists?({table}, :{reference.name}_id)"
    if name == "rename_index":
        return f"if {asks}index_name_exists?({table}, {second})"
    if name in ("add_index", "remove_index"):
        return _index(command, table, second, asks)
    if name in ("add_foreign_key", "remove_foreign_key"):
        return _foreign_key(context, command, table, asks)
    if name == "add_check_constraint" and context.runs(7, 1):
        given = option_text(node, "name")
        said = f"name: {given}" if given else f"expression: {second}"
        return f"unless {asks}check_constraint_exists?({table}, {said})"
    return None


def _index(command: Command, table: str, second: str | None, asks: str) -> str | None:
    given = option_text(command.node, "name")
    word = "unless" if command.name == "add_index" else "if"
    if given:
        return f"{word} {asks}index_name_exists?({table}, {given})"
    columns = option_text(command.node, "column") or second
    return f"{word} {asks}index_exists?({table}, {columns})" if columns else None


def _foreign_key(context: Context, command: Command, table: str, asks: str) -> str | None:
    word = "unless" if command.name == "add_foreign_key" else "if"
    column, name = option_text(command.node, "column"), option_text(command.node, "name")
    if column:
        said = f"column: {column}"
    elif name:
        said = f"name: {name}" if context.adapter.named_keys else ""  # SQLite forgets a key's name
    else:
        to = command.arg(1)
        said = f"column: :{foreign_key_column(to, context.program.inflector)}" if isinstance(to, str) else ""
    return f"{word} {asks}foreign_key_exists?({table}, {said})" if said else None


def _in_table(command: Command) -> str | None:
    """The condition of a call on `t` in change_table."""
    node = command.node
    receiver = node.child_by_field_name("receiver")
    first = argument_text(node, 0)
    if receiver is None or receiver.text is None or first is None or argument_text(node, 1) is not None:
        return None
    asks = receiver.text.decode()
    if command.name == "add_column" and command.words != "t.column":
        return f"unless {asks}.column_exists?({first})"
    if command.name == "remove_columns":
        return f"if {asks}.column_exists?({first})"
    return None  # t.index_exists? of 6.1 hands on more than it takes


def _receiver(node: Node) -> str:
    receiver = node.child_by_field_name("receiver")
    return f"{receiver.text.decode()}." if receiver is not None and receiver.text is not None else ""


def way_back(context: Context, command: Command) -> str | None:
    """The call that takes this one back, with the condition that it needs, on one line; None where it is not plain."""
    node, name = command.node, command.name
    table, second = argument_text(node, 0), argument_text(node, 1)
    if table is None or second is None or command.words.startswith("t."):
        return None
    asks = _receiver(node)
    if name == "add_column":
        return f"{asks}remove_column {table}, {second} if {asks}column_exists?({table}, {second})"
    if name == "add_foreign_key":
        asked = _foreign_key(context, command, table, asks)
        if asked is None:
            return None
        said = asked[asked.index("(") + 1 + len(table) : -1]
        return f"{asks}remove_foreign_key {table}, {second}{said} if {asked.removeprefix('unless ')}"
    if name == "add_index":
        asked = _index(command, table, second, asks)
        if asked is None:
            return None
        given = option_text(node, "name")
        said = (
            f"name: {given}"
            if given
            else second
            if not second.startswith(("[", "%"))
            else f"column: {second}"
        )
        return f"{asks}remove_index {table}, {said} if {asked.removeprefix('unless ')}"
    if name == "remove_index" and not command.options:
        return f"{asks}add_index {table}, {second} unless {asks}index_exists?({table}, {second})"
    if name == "rename_column":
        third = argument_text(node, 2)
        return f"{asks}rename_column {table}, {third}, {second} if {asks}column_exists?({table}, {third})"
    if name == "rename_index":
        third = argument_text(node, 2)
        return f"{asks}rename_index {table}, {third}, {second} if {asks}index_name_exists?({table}, {third})"
    if name == "rename_table":
        return f"{asks}rename_table {second}, {table} if {asks}table_exists?({second})"
    return None
