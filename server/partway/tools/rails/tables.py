"""Tables: created with all that their block says, dropped, renamed; join tables; many changes in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.core.operation import NAMES_FOLLOW
from partway.core.postcondition import Name, Postcondition, absent, exists
from partway.dialects import dialect_named
from partway.sql.table_said import said_in
from partway.tools.rails import names
from partway.tools.rails.bound import Table
from partway.tools.rails.columns import column_facts, comment_said, commented, timestamps_options
from partway.tools.rails.commands import Command
from partway.tools.rails.keys import Reference, constraint_fact, create_index, foreign_key, index_fact
from partway.tools.rails.making import Context, Part, Statement, table_of
from partway.tools.rails.running import Running
from partway.tools.rails.types import known
from partway.tools.rails.values import REST, UNKNOWN, Value, name_of, names_of
from partway.tools.rails.vocabulary import QUIET

if TYPE_CHECKING:
    from partway.tools.rails.keys import Options

_OWN = frozenset(
    (
        "id", "primary_key", "force", "if_not_exists", "temporary", "options", "as", "comment", "charset",
        "collation", "bulk", "unlogged", "rename",
    )
)  # fmt: skip


class Definition:
    """A table that is defined: its columns, indexes, keys and constraints, as the calls in its block add them."""

    def __init__(self, context: Context, command: Command, table: Name) -> None:
        self.context = context
        self.command = command
        self.table = table
        self.facts: list[Postcondition] = []
        self.indexes: list[tuple[Command, Value, Options]] = []
        self.constraints: list[Postcondition] = []
        self.comments: list[Part] = []

    def key(self, id_: Value, primary_key: Value, options: Options) -> None:
        """The column that every table has unless told otherwise."""
        if id_ is False or id_ is None:
            return
        if isinstance(id_, dict):
            options = {**options, **{key: value for key, value in id_.items() if key != "type"}}
            id_ = id_.get("type", "primary_key")
        if isinstance(primary_key, list):
            columns = ", ".join(names_of(primary_key))
            said = (("kind", "primary key"), ("columns", columns))
            self.constraints.append(exists("constraint", Name(""), self.table, said))
            return
        name = name_of(primary_key) if primary_key is not None else "id"
        if id_ is UNKNOWN or id_ is True:
            id_ = "primary_key" if id_ is True else UNKNOWN
        self._add(name, id_, {**options, "primary_key": True})

    def take(self, command: Command) -> None:
        """One call in the table's block."""
        name = command.words.removeprefix("t.")
        args, options = command.args, command.options
        if name == "column":
            type_ = command.arg(1)
            if type_ == "primary_key":  # narrower than today only where it is asked for in another way
                type_, options = "bigint", {**options, "primary_key": True}
            self.column(command, name_of(command.arg(0)), type_, options)
        elif name == "timestamps":
            for each in ("created_at", "updated_at"):
                self._add(each, "datetime", timestamps_options(self.context, options))
        elif name in ("references", "belongs_to"):
            for each in args:
                self._reference(command, each, options)
        elif name == "index":
            self.indexes.append((command, command.arg(0), options))
        elif name == "foreign_key":
            _, fact = foreign_key(self.context, self.command, self.table, command.arg(0), options)
            self.constraints.append(fact)
        elif name == "check_constraint":
            self.constraints.append(constraint_fact("check", self.table, command.arg(0), options))
        elif name == "unique_constraint":
            self.constraints.append(constraint_fact("unique", self.table, command.arg(0), options))
        elif name == "exclusion_constraint":
            self.constraints.append(constraint_fact("exclude", self.table, command.arg(0), options))
        elif name == "primary_key":
            type_ = args[1] if len(args) > 1 else "primary_key"
            self._add(name_of(command.arg(0)), type_, {**options, "primary_key": True})
        elif name == "remove":
            gone = set(map(name_of, args))
            self.facts = [fact for fact in self.facts if fact.name.name not in gone]
        elif name in ("attachment", "has_attached_file") and not known(name):
            pass
        elif name not in QUIET:
            for each in args:
                if isinstance(each, str):
                    self.column(command, each, name, options)

    def column(self, command: Command, name: str, type_: Value, options: Options) -> None:
        """A column, with its index where it asks for one."""
        index = options.get("index")
        self._add(name, type_, {key: value for key, value in options.items() if key != "index"})
        if index:
            self.indexes.append((command, name, index if isinstance(index, dict) else {}))

    def _reference(self, command: Command, name: Value, options: Options) -> None:
        reference = Reference(self.context, name, options)
        for column, type_, its in reference.columns():
            self._add(column, type_, its)
        index = reference.index_options(str(self.table))
        if index is not None:
            columns = reference.index_columns()
            self.indexes.append((command, columns if len(columns) > 1 else columns[0], index))
        key = reference.key()
        if key is not None:
            _, fact = foreign_key(self.context, self.command, self.table, *key)
            self.constraints.append(fact)

    def _add(self, name: str, type_: Value, options: Options) -> None:
        self.facts += column_facts(self.context, self.table, name, type_, options)
        if options.get("comment") and self.context.adapter.comments_apart:
            self.comments.append(
                commented(self.command, "column", Name(name), self.table, options["comment"])
            )


def create_table(context: Context, command: Command) -> list[Statement]:
    """create_table(table, id:, primary_key:, force:, **options) { |t| ... }"""
    return _create(context, command, table_of(command.arg(0)))


def _create(
    context: Context,
    command: Command,
    table: Name,
    before: tuple[Command, ...] = (),
    id_: Value = "primary_key",
) -> list[Statement]:
    options = command.options
    definition = Definition(context, command, table)
    selects = options.get("as") is not None
    if not selects:
        rest = {key: value for key, value in options.items() if key not in _OWN and key != REST}
        definition.key(
            options.get("id", id_ if REST not in options else UNKNOWN), options.get("primary_key"), rest
        )
    for each in before:
        definition.take(each)
    if command.block is not None:
        running = Running(context.program)
        running.run_block(command.block, Table(str(table), definition.take, changed=False))
    inside = [*definition.facts, *definition.constraints]
    if context.adapter.indexes_in_table:
        at = len(definition.facts)
        inside[at:at] = [
            _inline(index_fact(context, table, columns, its)) for _, columns, its in definition.indexes
        ]
    statements: list[Statement] = []
    if options.get("force"):
        statements.append([_dropped(command, table)])
    traits = {"temporary"} if options.get("temporary") else set()
    if selects:
        traits.add("as-select")
    facts = exists("table", table, None, _said(context, options)), *inside
    statements.append([Part("create-table", str(table), facts, frozenset(traits), command=command)])
    if not context.adapter.indexes_in_table:
        for its, columns, given in definition.indexes:
            if "if_not_exists" in options and context.runs(6, 1):
                # Rails hands the table's own option on; it stands in the table's call.
                its = its._replace(options={**its.options, "if_not_exists": options["if_not_exists"]})
            part = create_index(
                context,
                its._replace(name="add_index", looks=(*command.looks, *its.looks)),
                table,
                columns,
                given,
            )
            statements.append([part])
    if context.adapter.comments_apart:
        if options.get("comment"):
            statements.append([commented(command, "table", table, None, options["comment"])])
        statements += [[part] for part in definition.comments]
    return statements


def _said(context: Context, options: Options) -> tuple[tuple[str, str], ...]:
    """What MySQL's adapters send behind the columns: `charset:` and `collation:` (since 6.1), `comment:`, `options:`,
    for which migrations of 5.1 and before have an engine where none is given."""
    adapter = context.adapter
    if not adapter.indexes_in_table or REST in options:
        return ()
    early = not (context.since(5, 2) and context.runs(5, 2))
    sent = {"options": "ENGINE=InnoDB" if early else None, **options}
    words = [
        f"{word} {sent[key]}"
        for key, word in (("charset", "CHARSET"), ("collation", "COLLATE"))
        if isinstance(sent.get(key), str) and context.runs(6, 1)
    ]
    comment: tuple[tuple[str, str], ...] = ()
    if isinstance(sent.get("comment"), str) and "comments_in_create" in adapter.supports:
        comment = comment_said(sent["comment"])
    if isinstance(sent["options"], str):
        words.append(str(sent["options"]))
    return (*said_in(" ".join(words), dialect_named(adapter.dialect)), *comment)


def _inline(fact: Postcondition) -> Postcondition:
    """An index inside CREATE TABLE, whose uniqueness is said behind its columns."""
    unique = [pair for pair in fact.attributes if pair[0] == "unique"]
    rest = [pair for pair in fact.attributes if pair[0] != "unique"]
    at = next((i + 1 for i, pair in enumerate(rest) if pair[0] == "columns"), len(rest))
    return fact._replace(attributes=(*rest[:at], *unique, *rest[at:]))


def _dropped(command: Command, table: Name) -> Part:
    """What `force: true` does first: DROP TABLE IF EXISTS."""
    return Part(
        "drop-table", str(table), (absent("table", table),), command=command._replace(name="drop_table", options={}),
        guarded=True,
    )  # fmt: skip


def join_table_name(command: Command) -> str:
    """The name of a join table: the one that is given, else made of both tables'."""
    given = command.options.get("table_name")
    return (
        name_of(given)
        if given is not None
        else names.join_table(name_of(command.arg(0)), name_of(command.arg(1)))
    )


def create_join_table(context: Context, command: Command) -> list[Statement]:
    """create_join_table(one, other, column_options: {}, **options) { |t| ... }"""
    table = table_of(join_table_name(command))
    options = {
        key: value for key, value in command.options.items() if key not in ("column_options", "table_name")
    }
    said = command.options.get("column_options")
    each = {"null": False, "index": False, **(said if isinstance(said, dict) else {})}
    if not context.since(5, 1):
        each.setdefault("type", "integer")
    singular = context.program.inflector.singularize
    before = tuple(
        command._replace(
            args=(singular(names.unqualified(name_of(command.arg(i)))),), options=each, words="t.references"
        )
        for i in (0, 1)
    )
    return _create(context, command._replace(options={**options, "id": False}), table, before)


def drop_table(context: Context, command: Command) -> list[Statement]:
    """drop_table(*tables, **options): several since 8.0, in one statement but on SQLite."""
    parts = [
        Part(
            "drop-table", str(table), (absent("table", table),),
            frozenset({"temporary"} if command.options.get("temporary") and context.adapter.drops_temporary else ()),
        )
        for table in map(table_of, command.args[:1] if command.inverted else command.args or (UNKNOWN,))
    ]  # fmt: skip
    if len(parts) < 2:
        return [parts]
    if not context.adapter.drops_several:
        return [[part] for part in parts]
    return [[part._replace(traits=part.traits | {"several"}) for part in parts]]


def drop_join_table(context: Context, command: Command) -> list[Statement]:  # noqa: ARG001 # all are called alike
    """drop_join_table(one, other, **options)"""
    table = table_of(join_table_name(command))
    return [[Part("drop-table", str(table), (absent("table", table),))]]


def rename_table(context: Context, command: Command) -> list[Statement]:
    """rename_table(old, new); indexes with generated names follow, and on PostgreSQL the key's index and sequence."""
    old, new = table_of(command.arg(0)), table_of(command.arg(1))
    new = Name(new.name, new.schema or old.schema)
    traits = frozenset({NAMES_FOLLOW}) | (
        {"statement"} if context.adapter.renames_apart else frozenset[str]()
    )
    return [[Part("rename-table", str(old), (absent("table", old), exists("table", new)), traits)]]


def change_table(context: Context, command: Command) -> list[Statement]:
    """change_table(table, bulk: true): what can stand in one ALTER TABLE does, the rest comes where it breaks it
    off."""
    from partway.tools.rails.calls import build

    statements: list[Statement] = []
    together: Statement = []
    adapter = context.adapter
    after: list[Statement] = []
    for each in command.commands:
        made = [
            [part._replace(command=part.command or each) for part in statement]
            for statement in build(context, each)
        ]
        since = adapter.combined.get(each.name)
        if since is None or not context.runs(*since):
            statements += ([together] if together else []) + after + made
            together, after = [], []
            continue
        for statement in made:
            parts = [part._replace(bulk=True) for part in statement]
            if parts[0].kind in ("comment", "update"):
                after.append(parts)
            else:
                together += [_in_table(part) for part in parts] if adapter.indexes_in_table else parts
    return statements + ([together] if together else []) + after


def _in_table(part: Part) -> Part:
    """An index that is made or dropped inside ALTER TABLE."""
    if part.kind not in ("create-index", "drop-index"):
        return part
    return part._replace(
        traits=part.traits | {"in-table"},
        facts=tuple(_inline(fact) if fact.present else fact for fact in part.facts),
    )
