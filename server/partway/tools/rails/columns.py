"""Columns: what their definitions say, and the calls that add, change, rename and take them away."""

from __future__ import annotations

import re

from partway.core.operation import NAMES_FOLLOW
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.sql.sayings import Subject
from partway.tools.rails.commands import Command
from partway.tools.rails.making import Context, Part, Statement, table_of
from partway.tools.rails.types import literal, sql_type
from partway.tools.rails.values import REST, UNKNOWN, Code, Value, name_of

_INTEGERS = frozenset(("integer", "bigint"))


def column_facts(
    context: Context, table: Name, name: str, type_: Value, options: dict[str, Value]
) -> list[Postcondition]:
    """What a definition of a column says, as this dialect gets it: the column, and its key where it is one."""
    key = options.get("primary_key") is True or type_ == "primary_key"
    if key:
        type_, options = _key(context, type_, options)
    if type_ == "datetime" and "precision" not in options and REST not in options and context.since(7, 0):
        options = {**options, "precision": 6}
    if type_ == "timestamp" and context.adapter.types[type_] == "datetime" and context.since(7, 0):
        options = {"precision": 6, **options}
    adapter = context.adapter
    said = adapter.serials[str(type_)] if options.get("_serial") else sql_type(adapter, type_, options)
    attributes: list[tuple[str, str]] = [("type", said)] if said else []
    if REST not in options:
        attributes += _attributes(context, type_, options, key=key)
    facts = [exists("column", Name(name), table, tuple(attributes))]
    if key:
        facts.append(exists("constraint", Name(""), table, (("kind", "primary key"), ("columns", name))))
    return facts


def _key(context: Context, type_: Value, options: dict[str, Value]) -> tuple[Value, dict[str, Value]]:
    """A primary key's type and options, as the adapter turns them into a number that counts up by itself."""
    plain = type_ == "primary_key" and context.since(5, 1)
    if type_ == "primary_key":
        type_ = "bigint" if context.since(5, 1) else "integer"
    if type_ in _INTEGERS and "default" not in options:
        wide = type_ == "bigint" or options.get("limit") == 8
        return ("bigint" if wide else "integer"), {
            **options,
            "null": None if plain else False,
            "_serial": True,
        }
    if type_ == "uuid" and context.adapter.uuid_keys and "default" not in options:
        made = Code("gen_random_uuid()" if context.since(5, 1) else "uuid_generate_v4()")
        return type_, {**options, "null": False, "default": made}
    return type_, {**options, "null": False}


def _attributes(
    context: Context, type_: Value, options: dict[str, Value], *, key: bool
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    adapter = context.adapter
    marked = options.get("_serial") and adapter.marks_keys
    if marked and adapter.whole_keys:
        return [("identity", "yes"), ("nullable", "no")]
    if (
        adapter.nullable_timestamps
        and type_ == "timestamp"
        and not key
        and options.get("null") is not False
        and not _has_default(options)
    ):
        found.append(("nullable", "yes"))
    if isinstance(options.get("collation"), str):
        found.append(("collation", str(options["collation"])))
    if isinstance(options.get("as"), str):
        found.append(("generated", f"({options['as']})"))
    if _has_default(options):
        default = options.get("default")
        said = "null" if default is None else literal(adapter, default, name_of(type_))
        if said:
            found.append(("default", said if "'" in said else said.lower()))
    if options.get("null") is False or marked:
        found.append(("nullable", "no"))
    if marked:
        found.append(("identity", "yes"))
    if "comments_in_create" in adapter.supports and isinstance(options.get("comment"), str):
        found += comment_said(options["comment"])
    return found


def _has_default(options: dict[str, Value]) -> bool:
    return "default" in options and not (options.get("null") is False and options["default"] is None)


def add_column(context: Context, command: Command) -> list[Statement]:
    """add_column(table, column, type, **options)"""
    table, name = table_of(command.arg(0)), name_of(command.arg(1))
    return added(context, command, table, name, command.arg(2), command.options)


def added(
    context: Context, command: Command, table: Name, name: str, type_: Value, options: dict[str, Value]
) -> list[Statement]:
    """The statements that add one column."""
    facts = column_facts(context, table, name, type_, options)
    traits = frozenset({"primary-key"}) if len(facts) > 1 else frozenset()
    statements: list[Statement] = [
        [Part("add-column", f"{table}.{name}", tuple(facts), traits, command=command, given=(type_, options))]
    ]
    if context.adapter.comments_apart and options.get("comment"):
        statements.append([commented(command, "column", Name(name), table, options["comment"])])
    return statements


def commented(
    command: Command, object_: str, name: Name, table: Name | None, said: Value, kind: str = "comment"
) -> Part:
    """COMMENT ON a table, a column or an index."""
    attributes = comment_said(said)
    facts = (exists(object_, name, table, attributes),) if attributes else ()
    if attributes and object_ == "index":
        ((_, text),) = attributes
        facts = (Subject("index", name).said("comment", (("text", text),)),)
    target = f"{table}.{name.name}" if object_ == "column" else str(name)
    return Part(kind, target, facts, command=command, given=(said, {}))


def comment_said(said: Value) -> tuple[tuple[str, str], ...]:
    """A comment as an attribute; none where nobody knows it."""
    if said is None:
        return (("comment", "null"),)
    return (("comment", "'" + said.replace("'", "''") + "'"),) if isinstance(said, str) else ()


def _changed_to(command: Command, index: int) -> Value:
    """What a call that takes a value, or `from:` and `to:`, changes something to."""
    options = command.options
    return options["to"] if "to" in options and "from" in options else command.arg(index)


def add_columns(context: Context, command: Command) -> list[Statement]:
    """add_columns(table, *columns, type:, **options)"""
    table = table_of(command.arg(0))
    options = {key: value for key, value in command.options.items() if key != "type"}
    type_ = command.option("type")
    return [
        statement
        for each in command.args[1:]
        for statement in added(context, command, table, name_of(each), type_, options)
    ]


def timestamps_options(context: Context, options: dict[str, Value]) -> dict[str, Value]:
    """The options of created_at and updated_at, with those that `timestamps` adds."""
    found = dict(options)
    if found.get("null") is None:
        found["null"] = context.since(5, 0) is False
    if "precision" not in found:
        if context.since(6, 0):
            found["precision"] = 6
        else:
            found["precision"] = None
    return found


def add_timestamps(context: Context, command: Command) -> list[Statement]:
    """add_timestamps(table, **options): one ALTER TABLE since 7.1, two before."""
    table = table_of(command.arg(0))
    options = timestamps_options(context, command.options)
    parts = [
        Part(
            "add-column", f"{table}.{name}", tuple(column_facts(context, table, name, "datetime", options)),
            given=("datetime", options),
        )
        for name in ("created_at", "updated_at")
    ]  # fmt: skip
    return [parts] if context.runs(7, 1) else [[part] for part in parts]


def drop_column(table: Name, name: str) -> Part:
    """A column that goes away."""
    return Part("drop-column", f"{table}.{name}", (absent("column", Name(name), table),))


def remove_column(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """remove_column(table, column, type = nil, **options)"""
    return [[drop_column(table_of(command.arg(0)), name_of(command.arg(1)))]]


def remove_columns(context: Context, command: Command) -> list[Statement]:
    """remove_columns(table, *columns): one ALTER TABLE since 7.0, one for each before; on SQLite one new table."""
    table = table_of(command.arg(0))
    parts = [drop_column(table, name_of(each)) for each in command.args[1:]]
    return [parts] if parts and context.runs(7, 0) else [[part] for part in parts]


def remove_timestamps(context: Context, command: Command) -> list[Statement]:
    """remove_timestamps(table)"""
    table = table_of(command.arg(0))
    parts = [drop_column(table, name) for name in ("updated_at", "created_at")]
    return [parts] if context.runs(7, 0) else [[part] for part in parts]


def rename_column(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """rename_column(table, old, new); the indexes with generated names are renamed with it."""
    table, old, new = table_of(command.arg(0)), name_of(command.arg(1)), name_of(command.arg(2))
    facts = absent("column", Name(old), table), exists("column", Name(new), table)
    return [[Part("rename-column", f"{table}.{old}", facts, frozenset({NAMES_FOLLOW}))]]


def change_column(context: Context, command: Command) -> list[Statement]:
    """change_column(table, column, type, **options)"""
    table, name = table_of(command.arg(0)), name_of(command.arg(1))
    type_, options = command.arg(2), command.options
    target = f"{table}.{name}"
    if not context.adapter.changes_apart:
        facts = column_facts(context, table, name, type_, options)
        return [[Part("alter-column", target, tuple(facts[:1]), frozenset({"definition"}))]]
    said = sql_type(context.adapter, type_, options)
    using = _computes(name, options.get("using"))
    if " using " in said.lower():
        said, _, expression = said.partition(" using " if " using " in said else " USING ")
        using = _computes(name, expression)
    parts = [_altered(table, name, "type-using" if using else "type", (("type", said),) if said else ())]
    later: list[Statement] = []
    changes = (
        [_default(context, table, name, options["default"], name_of(type_))] if "default" in options else []
    )
    if "null" in options:
        changes.append(_nullable(table, name, options["null"]))
    if context.since(5, 2):
        parts += changes
    else:
        later = [[change] for change in changes]
    statements = [parts, *later]
    if options.get("comment"):
        statements.append([commented(command, "column", Name(name), table, options["comment"])])
    return statements


def _computes(name: str, expression: Value) -> bool:
    """Whether what USING says is more than a cast of the column itself, which a second run repeats to no effect."""
    if expression is None:
        return False
    column = rf"\(*\"?{re.escape(name)}\"?\)*"
    type_ = r"[\w ]+(?:\([\d, ]+\))?(?:\[\])?"
    cast = rf"\s*(?:{column}(?:\s*::\s*{type_})*|CAST\s*\({column} AS {type_}\))\s*"
    return not isinstance(expression, str) or re.fullmatch(cast, expression, re.IGNORECASE) is None


def _altered(table: Name, name: str, trait: str, attributes: tuple[tuple[str, str], ...]) -> Part:
    facts = (exists("column", Name(name), table, attributes),) if attributes else ()
    return Part("alter-column", f"{table}.{name}", facts, frozenset({trait}))


def _default(context: Context, table: Name, name: str, value: Value, type_: str = "") -> Part:
    said = "" if value is None else literal(context.adapter, value, type_ or _guess(value))
    known = said is not None and value is not UNKNOWN
    attributes = (
        (("default", (said or "") if "'" in (said or "") else (said or "").lower()),) if known else ()
    )
    return _altered(table, name, "default", attributes)


def _guess(value: Value) -> str:
    return "string" if isinstance(value, str) and value and not value[:1].isdigit() else ""


def _nullable(table: Name, name: str, null: Value) -> Part:
    attributes = (("nullable", "yes" if null else "no"),) if isinstance(null, bool) else ()
    return _altered(table, name, "nullability", attributes)


def change_column_default(context: Context, command: Command) -> list[Statement]:
    """change_column_default(table, column, default | from:, to:); before 7.1 MySQL's column is defined anew"""
    value = _changed_to(command, 2)
    part = _default(context, table_of(command.arg(0)), name_of(command.arg(1)), value)
    if context.adapter.redefines_columns and not context.runs(7, 1):
        part = part._replace(traits=frozenset({"definition"}))
    elif context.adapter.redefines_columns and value is None:
        part = part._replace(facts=())  # NULL, or none where the column takes no NULL
    return [[part]]


def change_column_null(context: Context, command: Command) -> list[Statement]:
    """change_column_null(table, column, null, default = nil): with a default, rows without a value get it first."""
    table, name = table_of(command.arg(0)), name_of(command.arg(1))
    null, default = command.arg(2), command.arg(3)
    statements: list[Statement] = []
    if default is not None and null is not True:
        statements.append([Part("update", str(table), guarded=True)])
    part = _nullable(table, name, null)
    if context.adapter.redefines_columns:
        part = part._replace(traits=frozenset({"definition"}))
    statements.append([part])
    return statements


def change_column_comment(context: Context, command: Command) -> list[Statement]:
    """change_column_comment(table, column, comment | from:, to:): on MySQL the column is defined anew."""
    table, name = table_of(command.arg(0)), name_of(command.arg(1))
    if context.adapter.comments_apart:
        return [[commented(command, "column", Name(name), table, _changed_to(command, 2))]]
    return [[_altered(table, name, "definition", ())]]


def change_table_comment(context: Context, command: Command) -> list[Statement]:
    """change_table_comment(table, comment | from:, to:)"""
    table, said = table_of(command.arg(0)), _changed_to(command, 1)
    if context.adapter.comments_apart:
        return [[commented(command, "table", table, None, said)]]
    return [[commented(command, "table", table, None, said or "", "set-table-option")]]
