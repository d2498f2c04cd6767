"""How a resume migration asks the database, as Python: the functions that look, and a formula made of their calls."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from partway.core.postcondition import Postcondition
from partway.dialects.catalog import attribute, catalog
from partway.tools.django.backends import BACKENDS
from partway.tools.django.resumable import HELPERS
from partway.tools.resuming import Formula

#: What formatters of Python leave on one line.
WIDTH = 88
_ARGUMENT = "schema_editor"

#: The functions that look, by name.
LOOKS = {
    "has_table": '''\
def has_table(schema_editor, name):
    """Whether there is a table of this name."""
    return name in schema_editor.connection.introspection.table_names()
''',
    "has_column": '''\
def has_column(schema_editor, table, name):
    """Whether a table has a column of this name; one that is gone has none."""
    introspection = schema_editor.connection.introspection
    with schema_editor.connection.cursor() as cursor:
        if table not in introspection.table_names(cursor):
            return False
        columns = introspection.get_table_description(cursor, table)
    return name in {column.name for column in columns}
''',
    "has_key": HELPERS["has_key"].replace("{{", "{").replace("}}", "}"),
    "has_foreign_key": '''\
def has_foreign_key(schema_editor, table, name):
    """Whether a table has a foreign key of this name, and not its index alone."""
    introspection = schema_editor.connection.introspection
    with schema_editor.connection.cursor() as cursor:
        if table not in introspection.table_names(cursor):
            return False
        key = introspection.get_constraints(cursor, table).get(name, {})
    return key.get("foreign_key") is not None
''',
    "has_index": '''\
def has_index(schema_editor, table, columns):
    """Whether a table has an index on just these columns."""
    introspection = schema_editor.connection.introspection
    with schema_editor.connection.cursor() as cursor:
        keys = introspection.get_constraints(cursor, table).values()
    return any(key["index"] and key["columns"] == columns for key in keys)
''',
    "has_valid_index": '''\
def has_valid_index(schema_editor, table, name):
    """Whether a table has this index, and not one that a failed build left INVALID."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_index WHERE indisvalid"
            " AND indexrelid = to_regclass(%s) AND indrelid = to_regclass(%s)",
            [schema_editor.quote_name(name), schema_editor.quote_name(table)],
        )
        return cursor.fetchone() is not None
''',
    "drop_invalid_index": '''\
def drop_invalid_index(schema_editor, table, name):
    """Drop an index that a failed build left INVALID: another one needs its name."""
    names = [schema_editor.quote_name(name), schema_editor.quote_name(table)]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_index WHERE NOT indisvalid"
            " AND indexrelid = to_regclass(%s) AND indrelid = to_regclass(%s)",
            names,
        )
        left = cursor.fetchone() is not None
    if left:
        schema_editor.execute(f"DROP INDEX CONCURRENTLY {names[0]}")
''',
    "has_relation": '''\
def has_relation(schema_editor, name):
    """Whether there is an index of this name, whatever its table is called."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [schema_editor.quote_name(name)])
        return cursor.fetchone() != (None,)
''',
    "has_index_named": '''\
def has_index_named(schema_editor, name):
    """Whether there is an index of this name, whatever its table is called."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = %s", [name]
        )
        return cursor.fetchone() is not None
''',
    "has_rows": '''\
def has_rows(schema_editor, table):
    """Whether a table has any rows."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {schema_editor.quote_name(table)} LIMIT 1")
        return cursor.fetchone() is not None
''',
    "shows": '''\
def shows(schema_editor, condition):
    """Whether a condition on the catalog holds."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT {condition}")
        return bool(cursor.fetchone()[0])
''',
}


def visible(dialect: str, fact: Postcondition) -> bool:
    """Whether Django's introspection, or else the catalog, can be asked about a fact."""
    return _call(dialect, fact) is not None


#: How an index is looked for by its name alone, where the database knows it by that.
_BY_NAME = {"postgresql": "has_relation", "sqlite": "has_index_named"}


def _call(
    dialect: str, fact: Postcondition, moving: Container[str] = ()
) -> tuple[str, tuple[str, ...]] | None:
    """The function that looks for the thing, and what it is given; `moving` are tables that get another name, and
    indexes go with them."""
    own, table = fact.name, fact.table
    plain = own.schema is None and (table is None or table.schema is None)
    backend = BACKENDS[dialect].editor
    if plain and table is not None and fact.object == "index" and attribute(fact, "valid") is not None:
        return ("has_valid_index", (table.name, own.name)) if backend == "postgresql" else None
    if plain and own.name:
        if fact.object == "index" and backend in _BY_NAME and (table is None or table.name in moving):
            return _BY_NAME[backend], (own.name,)
        if fact.object == "table":
            return "has_table", (own.name,)
        if fact.object == "column" and table is not None:
            return "has_column", (table.name, own.name)
        if fact.object in ("index", "constraint") and table is not None:
            foreign = attribute(fact, "kind") == "foreign key" and backend == "mysql"  # its index may stay
            return "has_foreign_key" if foreign else "has_key", (table.name, own.name)
    lookup = catalog(dialect).lookup(fact._replace(present=True))
    return ("shows", (lookup.sql,)) if lookup is not None else None


def condition(dialect: str, formula: Formula, indent: str, begin: str, moving: Container[str]) -> str:
    """`begin` and the formula behind it, laid out as formatters do."""
    terms = [[_term(dialect, fact, moving) for fact in facts] for facts in formula]
    if sum(map(len, terms)) == 1:
        prefix, name, arguments = terms[0][0]
        return laid_out(indent, f"{begin} {prefix}", name, arguments)
    flat = [" and ".join(_flat(*term) for term in each) for each in terms]
    line = f"{indent}{begin} {' or '.join(flat)}"
    if len(line) <= WIDTH:
        return line
    inner = f"{indent}    "
    lines = [f"{indent}{begin} ("]
    if len(line) - len(begin) + 3 <= WIDTH:
        return "\n".join([*lines, f"{inner}{' or '.join(flat)}", f"{indent})"])
    joint = " or " if len(terms) > 1 else " and "
    for number, each in enumerate(terms if len(terms) > 1 else [[term] for term in terms[0]]):
        word = joint.lstrip() if number else ""
        if len(each) == 1:
            prefix, name, arguments = each[0]
            lines.append(laid_out(inner, f"{word}{prefix}".rstrip(" "), name, arguments, joined=True))
        else:
            lines.append(_several(inner, word, each))
    return "\n".join([*lines, f"{indent})"])


Term = tuple[str, str, tuple[str, ...]]


def _several(indent: str, word: str, terms: list[Term]) -> str:
    """Facts of which all must hold, in brackets where they do not fit."""
    flat = f"{indent}{word}{' and '.join(_flat(*term) for term in terms)}"
    if len(flat) <= WIDTH:
        return flat
    lines = [f"{indent}{word}("]
    for number, (prefix, name, arguments) in enumerate(terms):
        also = "and " if number else ""
        lines.append(laid_out(f"{indent}    ", f"{also}{prefix}".rstrip(" "), name, arguments, joined=True))
    return "\n".join([*lines, f"{indent})"])


def _term(dialect: str, fact: Postcondition, moving: Container[str]) -> Term:
    name, arguments = _call(dialect, fact, moving) or ("", ())  # only visible facts come into a formula
    return "" if fact.present else "not ", name, tuple(map(quoted, arguments))


def _flat(prefix: str, name: str, arguments: Iterable[str]) -> str:
    return f"{prefix}{name}({', '.join((_ARGUMENT, *arguments))})"


def laid_out(indent: str, before: str, name: str, arguments: Iterable[str], *, joined: bool = False) -> str:
    """A call behind some words: on one line, else its arguments on the next one, else each on its own."""
    words = f"{before} " if before and (joined or not before.endswith(" ")) else before
    given = (_ARGUMENT, *arguments)
    line = f"{indent}{words}{name}({', '.join(given)})"
    if len(line) <= WIDTH:
        return line
    inner = f"{indent}    {', '.join(given)}"
    if len(inner) <= WIDTH:
        return f"{indent}{words}{name}(\n{inner}\n{indent})"
    return "\n".join([f"{indent}{words}{name}(", *(f"{indent}    {one}," for one in given), f"{indent})"])


def quoted(text: str) -> str:
    """A string as formatters write it: in double quotes, unless that takes more backslashes."""
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    quote = "'" if escaped.count('"') > escaped.count("'") else '"'
    return quote + escaped.replace(quote, f"\\{quote}") + quote


def called(texts: Iterable[str]) -> list[str]:
    """The functions that these texts call, in the order in which they are defined."""
    text = "\n".join(texts)
    return [name for name in LOOKS if re.search(rf"\b{name}\b", text)]
