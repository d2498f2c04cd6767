"""Directives that change a column or a table's constraints, to the statements that they send."""

from __future__ import annotations

from partway.tools.alembic.definitions import Constraint, ForeignKey, identity_words, key_words, names_of
from partway.tools.alembic.expressions import default, expression, is_named, literal, textual
from partway.tools.alembic.naming import Given, Table, given
from partway.tools.alembic.request import Request, Sent, Statement
from partway.tools.alembic.types import UNREAD, SqlType, read_type
from partway.tools.embedded import HOLE
from partway.tools.python_strings import Text
from partway.tools.python_values import Unknown

_ABSENT = False  # Alembic's own sign for "not given", where None means "nothing"


def alter_column(request: Request) -> Sent:
    """ALTER COLUMN, one statement for each thing that changes; on MySQL MODIFY or CHANGE with the whole column."""
    if request.flavour.modifies:
        yield from _modify(request)
        return
    table = request.table()
    name = request.text("column_name", request.place(1))
    column = request.writing.quote(name)
    type_ = request.get("type_")
    if type_ is not None:
        using = textual(request.get("postgresql_using"))
        said = read_type(type_, request.flavour).sql or HOLE
        yield request.alter(
            table, f"ALTER COLUMN {column} TYPE {said}" + (f" USING {using}" if using is not None else "")
        )
    nullable = request.get("nullable")
    if isinstance(nullable, bool):
        yield request.alter(table, f"ALTER COLUMN {column} {'DROP' if nullable else 'SET'} NOT NULL")
    server_default = request.get("server_default", default=_ABSENT)
    if is_named(server_default, "Identity"):
        yield request.alter(table, f"ALTER COLUMN {column} ADD {identity_words(server_default)}")
    elif server_default is None and is_named(request.get("existing_server_default"), "Identity"):
        yield request.alter(table, f"ALTER COLUMN {column} DROP IDENTITY")
    elif server_default is None:
        yield request.alter(table, f"ALTER COLUMN {column} DROP DEFAULT")
    elif server_default is not _ABSENT:
        yield request.alter(
            table, f"ALTER COLUMN {column} SET DEFAULT {default(server_default, request.flavour)}"
        )
    comment = request.get("comment", default=_ABSENT)
    if comment is not _ABSENT and request.flavour.separate_comments:
        said = literal(str(comment)) if comment is not None else "NULL"
        yield _comment(request, table, column, said)
    new = _new_name(request)
    if new:
        words = "" if request.flavour.alters else "COLUMN "
        yield request.alter(table, f"RENAME {words}{column} TO {request.writing.quote(new)}")


def _comment(request: Request, table: Table, column: str, said: str) -> Statement:
    return Statement(f"COMMENT ON COLUMN {request.writing.table(table)}.{column} IS {said}")


def _new_name(request: Request) -> str:
    for keyword in ("new_column_name", "name"):
        value = request.get(keyword)
        if isinstance(value, Text):
            return str(value)
        if value is not None and not isinstance(value, Unknown):
            return given(value).name
        if isinstance(value, Unknown) and request.call.argument(keyword):
            return HOLE
    return ""


def _modify(request: Request) -> Sent:
    table = request.table()
    column = request.writing.quote(request.text("column_name", request.place(1)))
    new = _new_name(request)
    server_default = request.get("server_default", default=_ABSENT)
    changed = any(
        request.get(keyword, default=_ABSENT) not in (_ABSENT, None)
        for keyword in ("nullable", "type_", "autoincrement")
    )
    changed = changed or isinstance(request.get("nullable"), bool) or _given(request, "comment")
    if new or changed:
        verb = f"CHANGE {column} {request.writing.quote(new)}" if new else f"MODIFY {column}"
        yield request.alter(table, f"{verb} {_specification(request)}")
    elif server_default is None:
        yield request.alter(table, f"ALTER COLUMN {column} DROP DEFAULT")
    elif server_default is not _ABSENT:
        said = default(server_default, request.flavour)
        verb = "SET DEFAULT"
        if _is_function(server_default):  # such a default can only stand in a whole definition
            yield request.alter(table, f"CHANGE {column} {column} {_specification(request)}")
        else:
            yield request.alter(table, f"ALTER COLUMN {column} {verb} {said}")


def _is_function(value: object) -> bool:
    said = textual(value)
    return said is not None and not isinstance(value, Text) and "CURRENT_TIMESTAMP" in str(said).upper()


def _given(request: Request, keyword: str) -> bool:
    return request.call.argument(keyword) is not None


def _specification(request: Request) -> str:
    """The column's whole definition: what changes, and for the rest what the revision says there is."""
    type_ = request.get("type_")
    type_ = type_ if type_ is not None else request.get("existing_type")
    said: SqlType = read_type(type_, request.flavour) if type_ is not None else UNREAD
    nullable = request.get("nullable")
    nullable = nullable if isinstance(nullable, bool) else request.get("existing_nullable")
    words = f"{said.sql or HOLE} {'NOT NULL' if nullable is False else 'NULL'}"
    server_default = request.get("server_default", default=_ABSENT)
    if server_default is _ABSENT:
        server_default = request.get("existing_server_default")
    if server_default is not None and server_default is not False:
        words += f" DEFAULT {default(server_default, request.flavour)}"
    counts = request.get("autoincrement")
    if (counts if counts is not None else request.get("existing_autoincrement")) is True:
        words += request.flavour.auto_increment
    comment = request.get("comment") if _given(request, "comment") else request.get("existing_comment")
    return words + (f" COMMENT {literal(str(comment))}" if isinstance(comment, Text) else "")


def _add(request: Request, constraint: Constraint, table: Table) -> Sent:
    yield request.alter(table, f"ADD {request.writing.constraint(constraint, table)}")


def create_foreign_key(request: Request) -> Sent:
    """ADD FOREIGN KEY."""
    place = request.place
    keyword = "source_table" if request.call.argument("source") is None else "source"
    table = request.table(1, keyword, "source_schema")
    referent = "referent_table" if request.call.argument("referent") is None else "referent"
    referred = Table(request.text(referent, place(2)), request.text_or("referent_schema", ""))
    columns = names_of(request.get("local_cols", place(3)))
    remote = names_of(request.get("remote_cols", place(4)))
    name = request.given(0, "constraint_name", "name")
    key = ForeignKey(name, referred, remote, key_words(request.call))
    yield from _add(request, Constraint("fk", name, columns, key=key), table)


def create_unique_constraint(request: Request) -> Sent:
    """ADD UNIQUE."""
    keyword = "table_name" if request.call.argument("source") is None else "source"
    columns = names_of(request.get("columns", request.place(2)))
    nulls = " NULLS NOT DISTINCT" if request.on("postgresql_nulls_not_distinct") else ""
    words = key_words(request.call)
    constraint = Constraint("uq", request.given(0, "constraint_name", "name"), columns, words=nulls + words)
    yield from _add(request, constraint, request.table(1, keyword))


def create_primary_key(request: Request) -> Sent:
    """ADD PRIMARY KEY."""
    columns = names_of(request.get("columns", request.place(2)))
    constraint = Constraint("pk", request.given(0, "constraint_name", "name"), columns)
    yield from _add(request, constraint, request.table(1))


def create_check_constraint(request: Request) -> Sent:
    """ADD CHECK."""
    keyword = "table_name" if request.call.argument("source") is None else "source"
    condition = request.get("condition", request.place(2))
    said = textual(condition)
    written = str(said) if said is not None else expression(condition, request.flavour)
    constraint = Constraint("ck", request.given(0, "constraint_name", "name"), condition=written)
    yield from _add(request, constraint, request.table(1, keyword))


def create_exclude_constraint(request: Request) -> Sent:
    """ADD EXCLUDE."""
    using = request.get("using")
    words = str(using) if isinstance(using, Text) else "gist"
    yield from _add(
        request, Constraint("ex", request.given(0, "constraint_name"), words=words), request.table(1)
    )


_KINDS = {"foreignkey": "fk", "unique": "uq", "check": "ck", "primary": "pk"}


def drop_constraint(request: Request) -> Sent:
    """DROP CONSTRAINT, on MySQL in the words for its `type_`."""
    table = request.table(1)
    type_ = request.get("type_", request.place(2))
    kind = str(type_) if isinstance(type_, Text) else ""
    named: Given = request.given(0, "constraint_name", "name")
    name = request.writing.namer.name(_KINDS.get(kind, ""), named, table) or HOLE
    guard = "" if request.name in request.flavour.ignored_guards else request.words_of("if_exists")
    words = request.flavour.drop.get(kind, "CONSTRAINT")
    said = words if words == "PRIMARY KEY" else f"{words} {guard}{request.writing.quote(name)}"
    yield request.alter(table, f"DROP {said}", "if_exists" if guard else "")
