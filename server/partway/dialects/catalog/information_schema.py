"""The information_schema of MySQL and MariaDB: for each kind of object, the row that is there when the object is.

Every lookup is run on real servers by tests/guards. A name without a schema is looked for in the current database,
which is where these servers make and find it. https://dev.mysql.com/doc/refman/9.7/en/information-schema.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog.accounts import privilege, role, server
from partway.dialects.catalog.lookup import Lookup, attribute
from partway.dialects.catalog.mysql_text import literal

#: `table (column)` or `schema.table (column)`, where neither name leaves doubt about where it ends.
_REFERRED = re.compile(r"(?:([\w$]+)\.)?([\w$]+)(?: \([\w$]+\))?\Z")
_COLUMNS = re.compile(r"[\w$]+(?:, [\w$]+)*\Z")
_INTEGERS = frozenset({"smallint", "mediumint", "int", "bigint"})


class Place(NamedTuple):
    """Where objects of a kind are listed: the view, its columns for schema, table and name, and further conditions."""

    source: str
    schema: str
    table: str
    name: str
    more: tuple[str, ...] = ()


#: What MySQL and MariaDB list in the same way.
PLACES: Mapping[str, Place] = {
    "table": Place("tables", "table_schema", "", "table_name", ("table_type = 'BASE TABLE'",)),
    "view": Place("views", "table_schema", "", "table_name"),
    "column": Place("columns", "table_schema", "table_name", "column_name"),
    "index": Place("statistics", "table_schema", "table_name", "index_name"),
    "constraint": Place("table_constraints", "table_schema", "table_name", "constraint_name"),
    "partition": Place("partitions", "table_schema", "table_name", "partition_name"),
    "trigger": Place("triggers", "trigger_schema", "", "trigger_name"),
    "procedure": Place("routines", "routine_schema", "", "routine_name", ("routine_type = 'PROCEDURE'",)),
    "function": Place("routines", "routine_schema", "", "routine_name", ("routine_type = 'FUNCTION'",)),
    "event": Place("events", "event_schema", "", "event_name"),
    "schema": Place("schemata", "", "", "schema_name"),
    "database": Place("schemata", "", "", "schema_name"),
    # One that is in use stays listed until nobody uses it any more.
    "plugin": Place("plugins", "", "", "plugin_name", ("plugin_status NOT IN ('DELETED', 'NOT INSTALLED')",)),
}

#: Kinds that hold no data and are dropped by their name alone.
DROPPED_FIRST = frozenset({"trigger", "procedure", "function", "event", "view"})

#: Constraint types by the words that a statement says them with.
_CONSTRAINT_TYPES = frozenset({"PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK"})


def lookup_in(places: Mapping[str, Place]) -> Callable[..., Lookup | None]:
    """The lookup over these places; see `Catalog`. There is no search path; what has no name is
    only looked for where it is `found`."""

    def lookup(p: Postcondition, found: bool = False) -> Lookup | None:
        if p.object in ("role", "privilege"):
            return role(p) if p.object == "role" else privilege(p)
        if p.object == "column-type":
            return _column_type(p, lookup(p._replace(object="column")))
        if p.object == "server":
            return server(p)
        if p.object in _LIKENESS:
            return _likeness(p)
        place = places.get(p.object)
        kind = (attribute(p, "kind") or "").upper()
        # A primary key is called PRIMARY whatever the statement says.
        name = "PRIMARY" if p.object == "constraint" and kind == "PRIMARY KEY" else p.name.name
        if p.object == "constraint" and kind == "FOREIGN KEY" and not name:
            return _foreign_key(p)
        if p.object in ("index", "constraint") and kind in ("", "UNIQUE") and not name and found:
            return _by_columns(p)
        if place is None or not name or (place.table and p.table is None):
            return None
        where = []
        owner = p.table if place.table and p.table is not None else p.name
        if place.schema:
            where.append(f"{place.schema} = {schema_of(owner)}")
        if place.table:
            where.append(f"{place.table} = {literal(owner.name)}")
        where.append(f"{place.name} = {literal(name)}")
        if p.object == "constraint" and kind in _CONSTRAINT_TYPES:
            where.append(f"constraint_type = '{kind}'")
        return Lookup(f"information_schema.{place.source}", (*where, *place.more), "SELECT 1")

    return lookup


#: What the body of an event is compared without: white space, and quotes that servers show in another way.
_IDLE = " \t\r\n'\""


def _bare(text: str) -> str:
    for one in ("' '", "CHAR(9)", "CHAR(13)", "CHAR(10)", "CHAR(39)", "CHAR(34)"):
        text = f"REPLACE({text}, {one}, '')"
    return f"TRIM(TRAILING ';' FROM {text})"


#: What is said of schemas and events: the view, and a condition on the value.
_LIKENESS: Mapping[str, tuple[str, str]] = {
    "schema-charset": (
        "schema",
        "(default_character_set_name IN {values} OR default_collation_name IN {values})",
    ),
    "event-status": ("event", "LOWER(status) = {value}"),
    "event-completion": ("event", "LOWER(on_completion) = {value}"),
    "event-comment": ("event", "BINARY event_comment = {value}"),
    "event-at": ("event", "execute_at = {value}"),
    "event-starts": ("event", "starts = {value}"),
    "event-ends": ("event", "ends = {value}"),
    "event-body": ("event", f"BINARY {_bare('event_definition')} = {{value}}"),
    "event-schedule": ("event", "CONCAT(interval_value, ' ', LOWER(interval_field)) = {value}"),
}


def _likeness(p: Postcondition) -> Lookup | None:
    """A schema or an event that is as it is said to be."""
    kind, condition = _LIKENESS[p.object]
    place, value = PLACES[kind], attribute(p, "value")
    if value is None:
        return None
    if p.object == "event-body":
        value = value.translate(dict.fromkeys(map(ord, _IDLE))).rstrip(";")
    # The old name of a character set, which servers show by the new one.
    newer = f"utf8mb3{value[4:]}" if value == "utf8" or value.startswith("utf8_") else value
    values = f"({', '.join(literal(one) for one in dict.fromkeys((value, newer)))})"
    where = [condition.replace("{values}", values).replace("{value}", literal(value))]
    if kind == "schema":
        where.insert(0, f"{place.name} = {literal(p.name.name) if p.name.name else 'DATABASE()'}")
    else:
        where[:0] = [f"{place.schema} = {schema_of(p.name)}", f"{place.name} = {literal(p.name.name)}"]
    return Lookup(f"information_schema.{place.source}", tuple(where), "SELECT 1")


def _column_type(p: Postcondition, column: Lookup | None) -> Lookup | None:
    """A column that is of a type; of whole numbers some servers show a display width as well."""
    said = attribute(p, "type") or ""
    if column is None or not said:
        return None
    base, _, after = said.partition(" ")
    if base not in _INTEGERS:
        return column._replace(where=(*column.where, f"column_type = {literal(said)}"))
    sign = "LIKE" if after == "unsigned" else "NOT LIKE"
    return column._replace(
        where=(*column.where, f"data_type = {literal(base)}", f"column_type {sign} '%unsigned%'")
    )


def _foreign_key(p: Postcondition) -> Lookup | None:
    """A foreign key without a name, by its one column and what that refers to."""
    columns, references = attribute(p, "columns") or "", attribute(p, "references") or ""
    referred = _REFERRED.match(references)
    if p.table is None or not columns or "," in columns or referred is None:
        return None
    where = [
        f"table_schema = {schema_of(p.table)}",
        f"table_name = {literal(p.table.name)}",
        f"column_name = {literal(columns)}",
        f"referenced_table_schema = {literal(referred[1]) if referred[1] else schema_of(p.table)}",
        f"referenced_table_name = {literal(referred[2])}",
    ]
    return Lookup("information_schema.key_column_usage", tuple(where), "SELECT 1")


def _by_columns(p: Postcondition) -> Lookup | None:
    """An index without a name, by its columns."""
    columns = attribute(p, "columns") or ""
    if p.table is None or not _COLUMNS.match(columns) or attribute(p, "method") not in (None, "btree"):
        return None
    where = [f"table_schema = {schema_of(p.table)}", f"table_name = {literal(p.table.name)}"]
    unique = p.object == "constraint" or attribute(p, "unique") == "yes"
    where.append(f"non_unique = {0 if unique else 1}")
    together = "GROUP BY index_name HAVING GROUP_CONCAT(column_name ORDER BY seq_in_index) = "
    together += literal(columns.replace(", ", ","))
    return Lookup("information_schema.statistics", tuple(where), "SELECT 1", together)


def schema_of(name: Name) -> str:
    """A name's schema as an expression, the current one where it has none."""
    return literal(name.schema) if name.schema else "DATABASE()"
