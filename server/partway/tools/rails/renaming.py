"""What rename_table and rename_column rename besides, one statement each: the indexes that have Rails's own names, and
on PostgreSQL a table's key and its sequence. A method for each finishes what a run stopped in between has left."""

from __future__ import annotations

from typing import Final

from partway.tools.rails.commands import Command
from partway.tools.rails.literals import name
from partway.tools.rails.making import Context
from partway.tools.rails.values import name_of

_TABLE: Final = """\
# Renames what rename_table renames after the table, where it was stopped in between.
def finish_renaming_table(old, new)
  return unless table_exists?(new)

  indexes(new).each do |index|
    next unless index.name == {old_of_table}

    rename_index new, index.name, {new_name}
  end
end"""
_KEY: Final = """\
  rename_index new, "#{old}_pkey", "#{new}_pkey" if index_name_exists?(new, "#{old}_pkey")
  key, sequence = connection.pk_and_sequence_for(new)
  return unless sequence&.identifier == "#{old}_#{key}_seq"

  execute "ALTER SEQUENCE #{sequence.quoted} RENAME TO #{connection.quote_table_name("#{new}_#{key}_seq")}"
end"""
_COLUMN: Final = """\
# Renames the indexes that rename_column renames after the column, where it was stopped in between.
def finish_renaming_column(table, old, new)
  return unless table_exists?(table)

  indexes(table).each do |index|
    columns = Array(index.columns).map {{ |column| column == new.to_s ? old.to_s : column }}
    next unless columns != index.columns && index.name == {old_of_column}

    rename_index table, index.name, {new_of_column}
  end
end"""


def finishing(context: Context, command: Command) -> tuple[str, str, list[str]] | None:
    """The call that finishes a renaming, the name of its method and that method's lines; None for any other call."""
    names = [name_of(each) for each in command.args]
    if command.name == "rename_table" and len(names) == 2:
        text = _filled(context, _TABLE)
        if context.adapter.renames_keys:
            text = f"{text.removesuffix('end')}{_KEY}"
        method, words = "finish_renaming_table", names
    elif command.name == "rename_column" and len(names) == 3:
        method, words, text = "finish_renaming_column", names, _filled(context, _COLUMN)
    else:
        return None
    return f"{method} {', '.join(map(name, words))}", method, text.split("\n")


def _filled(context: Context, text: str) -> str:
    """The text with the names that indexes get: since 7.1 they are shortened where they are long."""
    names = {
        "old_of_table": ("old", "index.columns"),
        "new_name": ("new", "index.columns"),
        "old_of_column": ("table", "columns"),
        "new_of_column": ("table", "index.columns"),
    }
    if context.version and not context.since(7, 1):
        made = {
            key: f"\"index_#{{{table}}}_on_#{{Array({columns}).join('_and_')}}\""
            for key, (table, columns) in names.items()
        }
    else:
        made = {
            key: f"connection.index_name({table}, column: {columns})"
            for key, (table, columns) in names.items()
        }
    return text.format(**made)
