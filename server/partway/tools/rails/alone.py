"""What a call does in several statements, each as a call of its own: for what a failure in between has lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.core.postcondition import Name
from partway.tools.rails.literals import literal, name, options, quoted
from partway.tools.rails.making import Context, Part, Statement
from partway.tools.rails.names import foreign_key_column, index_name
from partway.tools.rails.values import Value, name_of, names_of

if TYPE_CHECKING:
    from partway.tools.rails.keys import Options

#: Options of a column that are no part of what add_column takes.
_NOT_OF_COLUMNS = ("index", "foreign_key", "polymorphic", "if_not_exists", "if_exists")


def call_of(context: Context, statement: Statement) -> str | None:
    """The call that does what this statement does and nothing else; None where there is none."""
    written = [_part(context, part) for part in statement]
    return written[0] if len(written) == 1 else None


def _part(context: Context, part: Part) -> str | None:
    fact = part.facts[0] if part.facts else None
    if part.kind == "drop-table":
        return f"drop_table {name(part.target)}" + (", if_exists: true" if part.guarded else "")
    if fact is None:
        return None
    if part.kind == "drop-index" and part.table:
        return f"remove_index {name(part.table)}, name: {quoted(fact.name.name)}"
    table = fact.table
    if part.kind == "comment" and part.given is not None:
        return _comment(part, fact.object, fact.name, table)
    if table is None:
        return None
    first = name(str(table))
    if part.kind == "drop-column":
        return f"remove_column {first}, {name(fact.name.name)}"
    if part.kind == "drop-constraint" and part.command is not None:
        return (
            f"remove_foreign_key {first}, name: {quoted(fact.name.name)}"
            if context.adapter.named_keys
            else None
        )
    if part.given is None:
        return None
    said, given = part.given
    if part.kind == "add-column":
        return _column(first, fact.name.name, said, given)
    if part.kind == "create-index":
        return _index(context, str(table), fact.name.name, said, given)
    if part.kind == "add-constraint":
        return _key(context, first, said, given)
    return None


def _column(table: str, column: str, type_: Value, given: Options) -> str | None:
    kept = options({key: value for key, value in given.items() if key not in _NOT_OF_COLUMNS})
    said = literal(type_)
    return None if kept is None or said is None else _call("add_column", table, name(column), said, kept)


def _index(context: Context, table: str, made: str, columns: Value, given: Options) -> str | None:
    listed = names_of(columns)
    said = literal(columns) if not isinstance(columns, list) or len(columns) > 1 else literal(columns[0])
    kept = {key: value for key, value in given.items() if key not in ("if_not_exists", "name")}
    usual = index_name(table, columns if isinstance(columns, str) else listed, context.version)
    if made != usual:
        kept["name"] = made
    written = options(kept)
    return None if written is None or said is None else _call("add_index", name(table), said, written)


def _key(context: Context, table: str, to_table: Value, given: Options) -> str | None:
    kept = {key: value for key, value in given.items() if key not in ("if_not_exists", "to_table")}
    usual = foreign_key_column(name_of(to_table), context.program.inflector)
    if kept.get("column") == usual:
        del kept["column"]
    said, written = literal(to_table), options(kept)
    return None if written is None or said is None else _call("add_foreign_key", table, said, written)


def _comment(part: Part, object_: str, own: Name, table: Name | None) -> str | None:
    text = literal(part.given[0], symbols=False) if part.given is not None else None
    if text is None:
        return None
    if object_ == "table":
        return f"change_table_comment {name(str(own))}, {text}"
    if object_ == "column" and table is not None:
        return f"change_column_comment {name(str(table))}, {name(own.name)}, {text}"
    return None


def _call(method: str, *words: str) -> str:
    return f"{method} {', '.join(filter(None, words))}"
