"""Everything but tables and what is in them: types, extensions, schemas, SQL, rows, and what cannot be followed."""

from __future__ import annotations

from partway.core.postcondition import Name, absent, exists
from partway.tools.rails.commands import Command
from partway.tools.rails.making import Context, Part, Statement, table_of
from partway.tools.rails.values import name_of


def create_enum(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """create_enum(name, values): skips a type that is there, whatever its values (7.0)"""
    name, values = table_of(command.arg(0)), command.arg(1)
    said = ",".join("'" + each.replace("'", "''") + "'" for each in values) if _texts(values) else ""
    shape = (("kind", "enum"), *((("values", said.replace(",'", ", '")),) if said else ()))
    return [[Part("create-type", str(name), (exists("type", name, None, shape),))]]


def _texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(each, str) for each in values)


def drop_enum(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """drop_enum(name, values = nil, if_exists:)"""
    name = table_of(command.arg(0))
    return [[Part("drop-type", str(name), (absent("type", name),))]]


def rename_enum(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """rename_enum(name, new_name) or rename_enum(name, to: new_name)"""
    old = table_of(command.arg(0))
    new = table_of(command.options["to"] if "to" in command.options else command.arg(1))
    new = Name(new.name, new.schema or old.schema)
    return [[Part("rename-type", str(old), (absent("type", old), exists("type", new)))]]


def add_enum_value(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """add_enum_value(type, value, **options)"""
    name = table_of(command.arg(0))
    fact = exists("enum-value", Name(name_of(command.arg(1))), name)
    return [[Part("add-enum-value", str(name), (fact,))]]


def rename_enum_value(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """rename_enum_value(type, from:, to:)"""
    return [[Part("rename-enum-value", str(table_of(command.arg(0))))]]


def enable_extension(context: Context, command: Command) -> list[Statement]:
    """enable_extension(name): nothing where the adapter has no extensions"""
    if "extensions" not in context.adapter.supports:
        return []
    name = Name(name_of(command.arg(0)).rpartition(".")[2])
    return [[Part("create-extension", str(name), (exists("extension", name),))]]


def disable_extension(context: Context, command: Command) -> list[Statement]:
    """disable_extension(name)"""
    if "extensions" not in context.adapter.supports:
        return []
    name = Name(name_of(command.arg(0)).rpartition(".")[2])
    return [[Part("drop-extension", str(name), (absent("extension", name),))]]


def create_schema(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """create_schema(name, force:, if_not_exists:)"""
    name = Name(name_of(command.arg(0)))
    statements: list[Statement] = []
    if command.options.get("force"):
        its = command._replace(name="drop_schema", options={})
        statements.append(
            [Part("drop-schema", str(name), (absent("schema", name),), command=its, guarded=True)]
        )
    statements.append([Part("create-schema", str(name), (exists("schema", name),))])
    return statements


def drop_schema(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """drop_schema(name, if_exists:)"""
    name = Name(name_of(command.arg(0)))
    return [[Part("drop-schema", str(name), (absent("schema", name),))]]


def rename_schema(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """rename_schema(name, new_name) (8.0)"""
    old, new = Name(name_of(command.arg(0))), Name(name_of(command.arg(1)))
    return [[Part("rename-schema", str(old), (absent("schema", old), exists("schema", new)))]]


def enable_index(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """enable_index(table, index), disable_index(table, index) (8.1, MySQL)"""
    return [[Part("alter-index", name_of(command.arg(1)))]]


def create_virtual_table(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """create_virtual_table(name, module, values) (8.0, SQLite): with IF NOT EXISTS"""
    name = Name(name_of(command.arg(0)))
    return [[Part("create-table", str(name), (exists("table", name),), guarded=True)]]


def drop_virtual_table(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """drop_virtual_table(name, module, values) (8.0, SQLite)"""
    name = Name(name_of(command.arg(0)))
    return [[Part("drop-table", str(name), (absent("table", name),))]]


def truncate(context: Context, command: Command) -> list[Statement]:
    """truncate(table), truncate_tables(*tables): DELETE on SQLite"""
    kind = "truncate" if context.adapter.truncates else "delete"
    return [[Part(kind, name_of(each))] for each in command.args]


def rows(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """A change to a model's rows: its kind and table, what it does when repeated where that is plain"""
    from partway.core.operation import EVERY_ROW, Repeat

    kind, table, again = map(name_of, command.args)
    repeat = Repeat.UNKNOWN
    if again == "once" or kind == "delete":
        repeat = Repeat.SAME
    elif kind == "insert" or again == "more":
        repeat = Repeat.CHANGES
    traits = frozenset((EVERY_ROW,)) if again == "all" else frozenset[str]()
    return [[Part(kind, table or "?", traits=traits, repeat=repeat)]]
