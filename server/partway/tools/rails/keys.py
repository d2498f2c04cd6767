"""Indexes, foreign keys, constraints and references: what their calls send, and the names they get."""

from __future__ import annotations

import re

from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.tools.embedded import HOLE
from partway.tools.rails import names
from partway.tools.rails.columns import added, commented, drop_column
from partway.tools.rails.commands import Command
from partway.tools.rails.making import Context, Part, Statement, table_of
from partway.tools.rails.values import REST, UNKNOWN, Value, name_of, names_of

Options = dict[str, Value]


def given(options: Options, key: str) -> Value:
    """An option; UNKNOWN where `**options` may hold it."""
    return options.get(key, UNKNOWN if REST in options else None)


def index_name(context: Context, table: Name, columns: Value, options: Options) -> str:
    """An index's name: the one that it is given, else the one that Rails makes."""
    named = given(options, "name")
    if named is not None:
        return name_of(named)
    listed = columns if isinstance(columns, str) and re.search(r"\W", columns) else names_of(columns)
    return names.index_name(str(table), listed, context.version)


def index_fact(context: Context, table: Name, columns: Value, options: Options) -> Postcondition:
    """An index as this dialect gets it."""
    name = index_name(context, table, columns, options)
    attributes: list[tuple[str, str]] = []
    type_, using = options.get("type"), options.get("using")
    if isinstance(columns, str) and re.search(r"\W", columns) and HOLE not in columns:
        said = " ".join(columns.split()).lower()
    else:
        said = ", ".join(names_of(columns))
    unique = options.get("unique") is True
    if context.adapter.index_types and isinstance(type_, str):
        attributes.append(("method", type_.lower()))
        unique = False
    if unique:
        attributes.append(("unique", "yes"))
    if isinstance(using, str) and context.adapter.index_methods:
        attributes.append(("method", using.lower()))
    attributes.append(("columns", said))
    if (keys := _keys(context, columns, options)) and keys != said:
        attributes.append(("keys", keys))
    where = options.get("where")
    if isinstance(where, str) and "partial_index" in context.adapter.supports and HOLE not in where:
        attributes.append(("predicate", where))
    if options.get("algorithm") == "concurrently":
        attributes.append(("valid", "yes"))
    return exists(
        "index",
        Name(name, None if context.adapter.indexes_in_table else table.schema),
        table,
        tuple(attributes),
    )


def _keys(context: Context, columns: Value, options: Options) -> str:
    """The columns of an index as they are sent, each with its length, operator class and order; empty for an
    expression."""
    if isinstance(columns, str) and re.search(r"\W", columns):
        return ""
    adapter = context.adapter
    quote = adapter.quote
    said = []
    for name in names_of(columns):
        key = f"{quote}{name}{quote}"
        length, class_, order = (_of(options.get(each), name) for each in ("length", "opclass", "order"))
        if adapter.index_lengths and isinstance(length, int):
            key += f"({length})"
        if adapter.operator_classes and isinstance(class_, str):
            key += f" {class_}"
        if isinstance(order, str) and context.runs(*adapter.index_orders):
            key += f" {order.lower()}"
        said.append(key)
    return ", ".join(said)


def _of(option: Value, column: str) -> Value:
    """An option for one column of several, or for all of them."""
    return option.get(column) if isinstance(option, dict) else option


_ACTIONS = {"nullify": "set null", "cascade": "cascade", "restrict": "restrict"}


def create_index(context: Context, command: Command, table: Name, columns: Value, options: Options) -> Part:
    """CREATE INDEX."""
    concurrently = options.get("algorithm") == "concurrently" and context.adapter.concurrent_indexes
    traits = frozenset({"concurrently"}) if concurrently else frozenset[str]()
    fact = index_fact(context, table, columns, options)
    return Part("create-index", fact.name.name, (fact,), traits, command=command, given=(columns, options))


def add_index(context: Context, command: Command) -> list[Statement]:
    """add_index(table, columns, **options)"""
    part = create_index(context, command, table_of(command.arg(0)), command.arg(1), command.options)
    statements: list[Statement] = [[part]]
    if command.options.get("comment") and context.adapter.comments_apart:
        index = Name(part.target, part.facts[0].name.schema)
        statements.append([commented(command, "index", index, None, command.options["comment"])])
    return statements


def remove_index(context: Context, command: Command) -> list[Statement]:
    """remove_index(table, columns = nil, **options): found by its name or by its columns."""
    table, options = table_of(command.arg(0)), command.options
    columns = command.arg(1) if command.arg(1) is not None else options.get("column")
    name = index_name(context, table, columns if columns is not None else UNKNOWN, options)
    schema, _, bare = name.rpartition(".")
    schema = schema or table.schema or ""
    concurrently = options.get("algorithm") == "concurrently" and context.adapter.concurrent_indexes
    in_table = context.adapter.indexes_in_table
    fact = absent("index", Name(bare, None if in_table else schema or None), table if in_table else None)
    traits = frozenset({"concurrently"}) if concurrently else frozenset[str]()
    return [[Part("drop-index", str(fact.name), (fact,), traits, table=str(table))]]


def rename_index(context: Context, command: Command) -> list[Statement]:
    """rename_index(table, old, new); one statement, or two where the index is made again and the old one dropped."""
    table, old, new = table_of(command.arg(0)), name_of(command.arg(1)), name_of(command.arg(2))
    if context.adapter.copies_indexes:
        copy = exists("index", Name(new, table.schema), table)
        gone = absent("index", Name(old, table.schema))
        return [
            [Part("create-index", new, (copy,), table=str(table))],
            [Part("drop-index", str(gone.name), (gone,), table=str(table))],
        ]
    inside = context.adapter.indexes_in_table
    where = table if inside else None
    schema = None if inside else table.schema
    facts = absent("index", Name(old, schema), where), exists("index", Name(new, schema), where)
    traits = frozenset({"in-table"}) if inside else frozenset[str]()
    return [[Part("rename-index", str(facts[0].name), facts, traits)]]


# Foreign keys ---------------------------------------------------------------------------------------------------------


def foreign_key(
    context: Context, command: Command, table: Name, to_table: Value, options: Options
) -> tuple[str, Postcondition]:
    """A foreign key's name, and what it says."""
    to = name_of(to_table)
    key = given(options, "primary_key")
    column = given(options, "column")
    if column is None:
        inflector = context.program.inflector
        keys = names_of(key) if isinstance(key, list) else ["id"]
        column = [names.foreign_key_column(to, inflector, each) for each in keys]
    columns = names_of(column)
    named = given(options, "name")
    name = name_of(named) if named is not None else names.foreign_key_name(str(table), columns)
    referred = ", ".join(names_of(key) if key is not None else ["id"])
    attributes = [
        ("kind", "foreign key"),
        ("columns", ", ".join(columns)),
        ("references", f"{to} ({referred})"),
    ]
    attributes += [
        (f"on-{event}", _ACTIONS[options[f"on_{event}"]])
        for event in ("delete", "update")
        if options.get(f"on_{event}") in _ACTIONS
    ]
    validates = "validate_constraints" in context.adapter.supports and command.name != "create_table"
    if validates and options.get("validate") is False:
        attributes.append(("valid", "no"))
    return name, exists("constraint", Name(name), table, tuple(attributes))


def added_key(context: Context, command: Command, table: Name, to_table: Value, options: Options) -> Part:
    """ALTER TABLE ... ADD CONSTRAINT ... FOREIGN KEY."""
    name, fact = foreign_key(context, command, table, to_table, options)
    traits = {"foreign-key"} | ({"not-valid"} if ("valid", "no") in fact.attributes else set())
    return Part(
        "add-constraint", f"{table}.{name}", (fact,), frozenset(traits), command=command, table=str(table),
        given=(to_table, options),
    )  # fmt: skip


def add_foreign_key(context: Context, command: Command) -> list[Statement]:
    """add_foreign_key(from_table, to_table, **options)"""
    return [[added_key(context, command, table_of(command.arg(0)), command.arg(1), command.options)]]


def dropped_key(context: Context, command: Command, table: Name, to_table: Value, options: Options) -> Part:
    """ALTER TABLE ... DROP CONSTRAINT or FOREIGN KEY, of the key that Rails finds by what it is told."""
    to = to_table if to_table is not None else options.get("to_table", "")
    if options.get("column") is None and options.get("name") is None and to in ("", None):
        to = UNKNOWN
    name, _ = foreign_key(context, command, table, to, options)
    return _dropped(context, table, name, "foreign-key", command)


def _dropped(context: Context, table: Name, name: str, kind: str, command: Command) -> Part:
    own_word = kind in context.adapter.drop_words
    told = own_word or not context.adapter.named_keys  # what has no name is told by its kind
    said = (("kind", "foreign key"),) if told and kind == "foreign-key" else ()
    traits = frozenset({kind}) if own_word else frozenset[str]()
    fact = absent("constraint", Name(name), table, said)
    return Part("drop-constraint", f"{table}.{name}", (fact,), traits, command=command, table=str(table))


def remove_foreign_key(context: Context, command: Command) -> list[Statement]:
    """remove_foreign_key(from_table, to_table = nil, **options)"""
    return [[dropped_key(context, command, table_of(command.arg(0)), command.arg(1), command.options)]]


# Constraints ----------------------------------------------------------------------------------------------------------


def constraint_fact(kind: str, table: Name, subject: Value, options: Options) -> Postcondition:
    """A check, unique or exclusion constraint with its name."""
    named = given(options, "name")
    said: tuple[tuple[str, str], ...]
    if kind == "check":
        name, said = (
            names.check_name(str(table), name_of(subject)),
            (("expression", f"({name_of(subject)})"),),
        )
    elif kind == "exclude":
        name, said = names.exclusion_name(str(table), name_of(subject)), ()
    else:
        columns = names_of(subject) if subject is not None else names_of(options.get("using_index"))
        name = names.unique_name(str(table), columns)
        said = (("columns", ", ".join(columns)),) if subject is not None else ()
    if named is not None:
        name = name_of(named)
    return exists("constraint", Name(name), table, (("kind", kind), *said))


def _add_constraint(kind: str, command: Command) -> list[Statement]:
    table, options = table_of(command.arg(0)), command.options
    fact = constraint_fact(kind, table, command.arg(1), options)
    traits = {kind}
    if options.get("validate") is False:
        traits.add("not-valid")
        fact = fact._replace(attributes=(*fact.attributes, ("valid", "no")))
    if options.get("using_index"):
        traits.add("using-index")
    return [
        [Part("add-constraint", f"{table}.{fact.name.name}", (fact,), frozenset(traits), table=str(table))]
    ]


def _remove_constraint(context: Context, kind: str, command: Command) -> list[Statement]:
    table, options = table_of(command.arg(0)), command.options
    subject = (
        command.arg(1) if command.arg(1) is not None else options.get("expression", options.get("column"))
    )
    named = given(options, "name")
    name = name_of(named) if named is not None else constraint_fact(kind, table, subject, options).name.name
    return [[_dropped(context, table, name, kind, command)]]


def add_check_constraint(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """add_check_constraint(table, expression, **options)"""
    return _add_constraint("check", command)


def remove_check_constraint(context: Context, command: Command) -> list[Statement]:
    """remove_check_constraint(table, expression = nil, **options)"""
    return _remove_constraint(context, "check", command)


def add_unique_constraint(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """add_unique_constraint(table, columns, **options)"""
    return _add_constraint("unique", command)


def remove_unique_constraint(context: Context, command: Command) -> list[Statement]:
    """remove_unique_constraint(table, columns = nil, **options)"""
    return _remove_constraint(context, "unique", command)


def add_exclusion_constraint(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """add_exclusion_constraint(table, expression, **options)"""
    return _add_constraint("exclude", command)


def remove_exclusion_constraint(context: Context, command: Command) -> list[Statement]:
    """remove_exclusion_constraint(table, expression = nil, **options)"""
    return _remove_constraint(context, "exclude", command)


# References -----------------------------------------------------------------------------------------------------------


class Reference:
    """`t.references :user, polymorphic: true, foreign_key: { to_table: :people }`: its columns, index and key."""

    def __init__(self, context: Context, name: Value, options: Options) -> None:
        given = dict(options)
        self.name = name_of(name)
        self.polymorphic = given.pop("polymorphic", False)
        self.index = given.pop("index", context.since(5, 0))
        self.foreign_key = given.pop("foreign_key", False)
        usual = context.adapter.reference_type if context.since(5, 1) else "integer"
        self.type: Value = given.pop("type", usual)
        if not context.since(*context.adapter.typed_references):
            self.type = "integer"
        given.pop("to_table", None)
        guards = {key: given[key] for key in ("if_exists", "if_not_exists") if key in given}
        self.options = {key: value for key, value in given.items() if key not in guards}
        self._context = context

    def columns(self) -> list[tuple[str, Value, Options]]:
        """Its columns, the type's first."""
        found: list[tuple[str, Value, Options]] = [(f"{self.name}_id", self.type, self.options)]
        if self.polymorphic:
            its = self.polymorphic if isinstance(self.polymorphic, dict) else {}
            kept: Options = {
                key: self.options[key] for key in ("null", "first", "after") if key in self.options
            }
            found.insert(0, (f"{self.name}_type", "string", {**its, **kept}))
        return found

    def index_options(self, table: str) -> Options | None:
        """The options of its index; None where it has none."""
        if not self.index:
            return None
        options = dict(self.index) if isinstance(self.index, dict) else {}
        if self.polymorphic and "name" not in options and self._context.since(6, 1):
            options["name"] = f"index_{table}_on_{self.name}"
        return options

    def index_columns(self) -> list[str]:
        """What its index is on."""
        return [name for name, _, _ in self.columns()]

    def key(self) -> tuple[Value, Options] | None:
        """The table that its foreign key refers to, and the key's options; None where it has none."""
        if not self.foreign_key:
            return None
        options = dict(self.foreign_key) if isinstance(self.foreign_key, dict) else {}
        options.setdefault("column", f"{self.name}_id")
        to = options.pop("to_table", None)
        if to is None:
            to = self._context.program.inflector.pluralize(self.name) if HOLE not in self.name else HOLE
        return to, options


def add_reference(context: Context, command: Command) -> list[Statement]:
    """add_reference(table, name, **options): a column, its index, its foreign key, each by itself."""
    table = table_of(command.arg(0))
    reference = Reference(context, command.arg(1), command.options)
    statements: list[Statement] = []
    for name, type_, options in reference.columns():
        statements += added(context, command, table, name, type_, options)
    index = reference.index_options(str(table))
    if index is not None:
        columns = reference.index_columns()
        listed: Value = columns if len(columns) > 1 else columns[0]
        statements.append([create_index(context, command, table, listed, index)])
    key = reference.key()
    if key is not None:
        statements.append([added_key(context, command, table, *key)])
    return statements


def remove_reference(context: Context, command: Command) -> list[Statement]:
    """remove_reference(table, name, **options): its foreign key where it is told of one, its columns."""
    table = table_of(command.arg(0))
    reference = Reference(context, command.arg(1), command.options)
    statements: list[Statement] = []
    key = reference.key()
    if key is not None:
        statements.append([dropped_key(context, command, table, *key)])
    names_ = [name for name, _, _ in reference.columns()]
    statements += [[drop_column(table, name)] for name in reversed(names_)]
    return statements
