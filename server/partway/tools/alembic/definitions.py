"""Columns and constraints as a revision defines them, and the SQL that SQLAlchemy writes for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from partway.tools.alembic.expressions import default, expression, is_named, literal, textual
from partway.tools.alembic.flavours import Flavour
from partway.tools.alembic.naming import Given, Namer, Table, given
from partway.tools.alembic.types import UNREAD, SqlType, read_type
from partway.tools.embedded import HOLE
from partway.tools.python_strings import Text
from partway.tools.python_values import UNKNOWN, Call, listed

_CONSTRAINTS = {
    "PrimaryKeyConstraint": "pk",
    "ForeignKeyConstraint": "fk",
    "UniqueConstraint": "uq",
    "CheckConstraint": "ck",
    "ExcludeConstraint": "ex",
}


class ForeignKey(NamedTuple):
    """What a key refers to, and its words behind that."""

    name: Given
    table: Table
    columns: tuple[str, ...]
    words: str = ""


class Constraint(NamedTuple):
    """A table's constraint: `kind` is pk, fk, uq, ck or ex; `condition` that of a check, as SQL."""

    kind: str
    name: Given
    columns: tuple[str, ...] = ()
    condition: str = ""
    key: ForeignKey | None = None
    words: str = ""


class Index(NamedTuple):
    """An index: `parts` are its columns and expressions as SQL."""

    name: Given
    columns: tuple[str, ...]
    parts: tuple[str, ...]
    unique: bool = False
    words: str = ""
    using: str = ""
    concurrently: bool = False


class Column(NamedTuple):
    """A column. `default` is what follows DEFAULT, None for nothing; `generated` an expression that it is computed
    from, `identity` the words for one, if any; `counts` whether a primary key of it alone would count by itself."""

    name: str
    type: SqlType
    nullable: bool | None = None
    primary_key: bool = False
    unique: bool = False
    indexed: bool = False
    default: str | None = None
    generated: str = ""
    identity: str = ""
    counts: bool = True
    comment: str | None = None
    key: ForeignKey | None = None
    checks: tuple[Constraint, ...] = ()


def split_target(value: object, schema: str = "") -> tuple[Table, str]:
    """Table and column of "table.column" or "schema.table.column"."""
    said = str(value) if isinstance(value, Text) else f"{HOLE}.{HOLE}"
    rest, _, column = said.rpartition(".")
    owner, _, table = rest.rpartition(".")
    return Table(table or HOLE, owner or schema), column


def key_words(call: Call) -> str:
    """ON DELETE and the like of a foreign key."""
    said = ""
    for keyword, words in (("ondelete", "ON DELETE"), ("onupdate", "ON UPDATE")):
        value = call.get(keyword)
        said += f" {words} {value}" if isinstance(value, Text) and value.known else ""
    match = call.get("match")
    said = (f" MATCH {match}" if isinstance(match, Text) and match.known else "") + said
    deferrable, initially = call.get("deferrable"), call.get("initially")
    if isinstance(deferrable, bool):
        said += " DEFERRABLE" if deferrable else " NOT DEFERRABLE"
    if isinstance(initially, Text) and initially.known:
        said += f" INITIALLY {initially}"
    return said + (" NOT VALID" if call.get("postgresql_not_valid") is True else "")


def read_column(value: object, flavour: Flavour) -> Column | None:
    """The column that `sa.Column(...)` defines; None where it is none."""
    if not isinstance(value, Call) or value.name not in ("Column", "copy", "_copy"):
        return None
    if value.name != "Column":
        return read_column(value.receiver, flavour) if value.receiver is not value else None
    arguments = list(value.positional)
    name = HOLE
    named = value.get("name")
    if isinstance(named, Text):
        name = str(named)
    elif arguments and not isinstance(arguments[0], Call) and not hasattr(arguments[0], "path"):
        first = arguments.pop(0)
        name = str(first) if isinstance(first, Text) else HOLE
    elif arguments and is_name_of_something(arguments[0]):
        arguments.pop(0)
    type_: SqlType | None = None
    key: ForeignKey | None = None
    checks: list[Constraint] = []
    server_default: object = value.get("server_default")
    generated, identity, counts = "", "", True
    for argument in arguments:
        if is_named(argument, "ForeignKey"):
            key = _foreign_key(argument)
        elif is_named(argument, "CheckConstraint"):
            checks.append(read_constraint(argument, flavour) or Constraint("ck", Given()))
        elif is_named(argument, "Computed"):
            generated = _sql_of(argument, "sqltext", flavour)
        elif is_named(argument, "Identity"):
            identity = identity_words(argument)
        elif is_named(argument, "Sequence", "FetchedValue", "DefaultClause"):
            counts = counts and not is_named(argument, "Sequence")
        elif type_ is None:
            type_ = read_type(argument, flavour)
    if type_ is None:
        type_ = read_type(value.get("type_"), flavour)
    if is_named(server_default, "Computed"):
        generated, server_default = _sql_of(server_default, "sqltext", flavour), None
    elif is_named(server_default, "Identity"):
        identity, server_default = identity_words(server_default), None
    elif is_named(server_default, "FetchedValue"):
        server_default = None
    nullable = value.get("nullable")
    return Column(
        name,
        type_,
        nullable if isinstance(nullable, bool) else None,
        value.get("primary_key") is True,
        value.get("unique") is True,
        value.get("index") is True,
        None if server_default is None else default(server_default, flavour),
        generated,
        identity if flavour.identity else "",
        counts and value.get("autoincrement", default=True) is not False,
        _comment(value.get("comment")),
        key,
        tuple(checks),
    )


def is_name_of_something(value: object) -> bool:
    """Whether a first argument of a column is a name that somebody else has: `Model.__tablename__`."""
    where = getattr(value, "path", "")
    return (
        isinstance(where, str) and not where.startswith("sqlalchemy") and where.rpartition(".")[2].islower()
    )


def _comment(value: object) -> str | None:
    if value is None:
        return None
    return str(value) if isinstance(value, Text) and value.known else HOLE


def _sql_of(value: object, keyword: str, flavour: Flavour) -> str:
    argument = value.get(keyword, 0) if isinstance(value, Call) else None
    said = textual(argument)
    return str(said) if said is not None else expression(argument, flavour)


def identity_words(value: object) -> str:
    """How SQLAlchemy writes an Identity; without ALWAYS or BY DEFAULT where only a run would tell which."""
    always = value.get("always", 0) if isinstance(value, Call) else None
    if always is True:
        return "GENERATED ALWAYS AS IDENTITY"
    return "GENERATED BY DEFAULT AS IDENTITY" if always in (None, False) else "GENERATED AS IDENTITY"


def _foreign_key(value: object) -> ForeignKey | None:
    if not isinstance(value, Call):
        return None
    table, column = split_target(value.get("column", 0))
    return ForeignKey(given(value.get("name")), table, (column,), key_words(value))


def names_of(value: object) -> tuple[str, ...]:
    """The names in a list of them; one hole where the list is not known."""
    if isinstance(value, Text):
        return (str(value),)
    found = listed(value)
    if found is None:
        return (HOLE,) if value is UNKNOWN or value is not None else ()
    return tuple(str(each) if isinstance(each, Text) else HOLE for each in found)


def read_constraint(value: object, flavour: Flavour) -> Constraint | None:
    """The constraint that `sa.UniqueConstraint(...)` and its likes define; None where it is none."""
    if not isinstance(value, Call) or not is_named(value, *_CONSTRAINTS):
        return None
    kind = _CONSTRAINTS[value.name]
    name = given(value.get("name", 1 if kind == "ck" else 2 if kind == "fk" else -1))
    if kind == "fk":
        targets = listed(value.get("refcolumns", 1))
        split = [split_target(each) for each in targets or [UNKNOWN]]
        key = ForeignKey(
            name, split[0][0] if split else Table(HOLE), tuple(c for _, c in split), key_words(value)
        )
        return Constraint(kind, name, names_of(value.get("columns", 0)), key=key)
    if kind == "ck":
        return Constraint(kind, name, condition=_sql_of(value, "sqltext", flavour))
    if kind == "ex":
        using = value.get("using", default=None)
        return Constraint(kind, name, words=str(using) if isinstance(using, Text) else "gist")
    columns = tuple(column for each in value.positional for column in _part_names(each, flavour))
    return Constraint(kind, name, columns, words=_deferrable(value))


def _deferrable(call: Call) -> str:
    nulls = " NULLS NOT DISTINCT" if call.get("postgresql_nulls_not_distinct") is True else ""
    words = key_words(call)
    return nulls + words if "ON " not in words else nulls


def _part_names(value: object, flavour: Flavour) -> tuple[str, ...]:
    if isinstance(value, Text):
        return (str(value),)
    said = expression(value, flavour)
    return (said.strip(flavour.quote),)


def index_parts(values: Sequence[object], flavour: Flavour) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of an index by name, and its parts as SQL."""
    names: list[str] = []
    parts: list[str] = []
    for value in values:
        if isinstance(value, Text):
            names.append(str(value))
            parts.append(flavour.quoted(str(value)))
        else:
            said = textual(value)
            part = str(said) if said is not None else expression(value, flavour)
            names.append(part)
            parts.append(part)
    return tuple(names), tuple(parts)


def read_index(name: object, columns: Sequence[object], call: Call, flavour: Flavour) -> Index:
    """An index by its name, its columns and the options of the call that makes it."""
    names, parts = index_parts(columns, flavour)
    parts = tuple(part + _part_words(name, call, flavour) for name, part in zip(names, parts, strict=True))
    words = ""
    include = names_of(call.get("postgresql_include")) if flavour.zoned else ()
    if include:
        words += f" INCLUDE ({', '.join(flavour.quoted(column) for column in include)})"
    where = call.get(f"{flavour.name}_where")
    if where is not None:
        said = textual(where)
        words += f" WHERE {said if said is not None else expression(where, flavour)}"
    using = call.get(f"{flavour.name}_using")
    return Index(
        given(name),
        names,
        parts,
        call.get("unique") is True,
        words,
        str(using) if isinstance(using, Text) and using.known else "",
        call.get("postgresql_concurrently") is True and flavour.zoned,
    )


def _part_words(name: str, call: Call, flavour: Flavour) -> str:
    """What follows a column in an index: its length on MySQL, its operator class on PostgreSQL."""
    length = call.get(f"{flavour.name}_length")
    length = length.get(name) if isinstance(length, dict) else length
    if isinstance(length, int):
        return f"({length})"
    operators = call.get(f"{flavour.name}_ops")
    operator = operators.get(name) if isinstance(operators, dict) else None
    return f" {operator}" if isinstance(operator, Text) and operator.known else ""


class Writing:
    """Writes definitions as SQL, for one dialect and one naming convention."""

    def __init__(self, flavour: Flavour, namer: Namer) -> None:
        self.flavour = flavour
        self.namer = namer

    def quote(self, name: str) -> str:
        """A name, between quotes where it needs them."""
        return self.flavour.quoted(name)

    def table(self, table: Table) -> str:
        """A table's name with its schema."""
        return (
            f"{self.quote(table.schema)}.{self.quote(table.name)}" if table.schema else self.quote(table.name)
        )

    def list(self, names: Sequence[str]) -> str:
        """Names between parentheses."""
        return f"({', '.join(map(self.quote, names))})"

    def column(self, column: Column, *, counting: bool = False, in_key: bool = False) -> str:
        """A column's definition. `counting` for the one column of an integer primary key."""
        flavour = self.flavour
        type_ = column.type.sql
        if counting and column.default is None and not column.identity:
            type_ = flavour.serial.get(type_, type_)
        said = f"{self.quote(column.name)} {type_}".rstrip()
        nullable = column.nullable if column.nullable is not None else not (column.primary_key or in_key)
        default = f" DEFAULT {column.default}" if column.default is not None else ""
        if not flavour.modifies:
            said += default
        if column.generated:
            said += f" GENERATED ALWAYS AS ({column.generated})"
        if column.identity:
            return f"{said} {column.identity}"
        if not nullable:
            said += " NOT NULL"
        elif flavour.modifies and type_.startswith("TIMESTAMP"):
            said += " NULL"
        if flavour.modifies:  # MySQL's own order
            said += flavour.auto_increment if counting and column.default is None else ""
            said += f" COMMENT {literal(column.comment)}" if column.comment is not None else ""
            said += default
        return said

    def constraint(self, constraint: Constraint, table: Table) -> str:
        """A constraint's definition, with the name that the convention makes."""
        key = constraint.key
        name = self.namer.name(
            constraint.kind,
            constraint.name,
            table,
            constraint.columns,
            key.table if key else None,
            key.columns if key else (),
        )
        said = f"CONSTRAINT {self.quote(name)} " if name else ""
        columns = self.list(constraint.columns)
        if constraint.kind == "pk":
            said += f"PRIMARY KEY {columns}"
        elif constraint.kind == "uq":
            nulls = constraint.words.partition(" DEFERRABLE")[0]
            rest = constraint.words[len(nulls) :]
            said += f"UNIQUE{nulls} {columns}{rest}"
        elif constraint.kind == "ck":
            said += f"CHECK ({constraint.condition})"
        elif constraint.kind == "ex":
            said += f"EXCLUDE USING {constraint.words or 'gist'} ({HOLE} WITH =)"
        elif key is not None:
            referred = f" ({', '.join(map(self.quote, key.columns))})" if key.columns else ""
            said += f"FOREIGN KEY {columns} REFERENCES {self.table(key.table)}{referred}{key.words}"
        return said

    def index(self, index: Index, table: Table, guard: str = "") -> str:
        """CREATE INDEX."""
        name = self.namer.name("ix", index.name, table, index.columns)
        said = "CREATE UNIQUE INDEX " if index.unique else "CREATE INDEX "
        said += "CONCURRENTLY " if index.concurrently else ""
        said += f"{guard}{self.quote(name)} ON {self.table(table)}"
        said += f" USING {index.using}" if index.using and not self.flavour.modifies else ""
        return f"{said} ({', '.join(index.parts)}){index.words}"


NO_COLUMN = Column(HOLE, UNREAD)
