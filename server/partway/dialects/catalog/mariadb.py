"""MariaDB's catalog: MySQL's, with sequences and system-versioned tables among the tables."""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.dialects.catalog.accounts import anything, role_mapping
from partway.dialects.catalog.information_schema import (
    DROPPED_FIRST,
    PLACES,
    Place,
    lookup_in,
    schema_of,
)
from partway.dialects.catalog.lookup import Block, Catalog, Lookup, attribute
from partway.dialects.catalog.mysql_text import identifier, literal
from partway.dialects.catalog.of_server import mariadb_said

_OWN = {
    "table": Place(
        "tables", "table_schema", "", "table_name", ("table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')",)
    ),
    "sequence": Place("tables", "table_schema", "", "table_name", ("table_type = 'SEQUENCE'",)),
    "package": Place("routines", "routine_schema", "", "routine_name", ("routine_type = 'PACKAGE'",)),
    "package-body": Place(
        "routines", "routine_schema", "", "routine_name", ("routine_type = 'PACKAGE BODY'",)
    ),
}

_lookup = lookup_in({**PLACES, **_OWN})


def lookup(p: Postcondition, found: bool = False) -> Lookup | None:
    """The row that is there when the postcondition's object is; see `Catalog`."""
    if p.object == "privilege" and attribute(p, "role") is not None:
        return role_mapping(p)
    if p.object == "privilege" and attribute(p, "privilege") is None:
        return anything(p, "roles_mapping")
    if p.object == "period":
        return _period(p)
    if p.object != "system-versioning":
        return mariadb_said(p) or _lookup(p, found)
    if p.table is None:
        return None
    where = (f"table_schema = {schema_of(p.table)}", f"table_name = {literal(p.table.name)}")
    return Lookup("information_schema.tables", (*where, "table_type = 'SYSTEM VERSIONED'"), "SELECT 1")


def _period(p: Postcondition) -> Lookup | None:
    """A period of a table's: the check of its name that it ends after it begins. Only these versions are known to list
    those."""
    columns = [literal(f"`{one}`")[1:-1] for one in (attribute(p, "columns") or "").split(", ")]
    if p.table is None or not p.name.name:
        return None
    where = (
        f"constraint_schema = {schema_of(p.table)}",
        f"table_name = {literal(p.table.name)}",
        f"constraint_name = {literal(p.name.name)}",
        f"check_clause = '{' < '.join(columns)}'" if len(columns) == 2 else "check_clause LIKE '`%` < `%`'",
    )
    doubt = "SUBSTRING_INDEX(VERSION(), '.', 1) > 10"
    return Lookup("information_schema.check_constraints", where, "SELECT 1", doubt=doubt)


CATALOG = Catalog(lookup, identifier, literal, Block.PREPARED, "IGNORE", "INSERT", DROPPED_FIRST)
