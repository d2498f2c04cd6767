"""MariaDB's catalog: MySQL's, with sequences and system-versioned tables among the tables."""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.dialects.catalog.accounts import role_mapping
from partway.dialects.catalog.information_schema import (
    DROPPED_FIRST,
    PLACES,
    Place,
    lookup_in,
    schema_of,
)
from partway.dialects.catalog.lookup import Block, Catalog, Lookup, attribute
from partway.dialects.catalog.mysql_text import identifier, literal

_OWN = {
    "table": Place(
        "tables", "table_schema", "", "table_name", ("table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')",)
    ),
    "sequence": Place("tables", "table_schema", "", "table_name", ("table_type = 'SEQUENCE'",)),
}

_lookup = lookup_in({**PLACES, **_OWN})


def lookup(p: Postcondition, found: bool = False) -> Lookup | None:
    """The row that is there when the postcondition's object is; see `Catalog`."""
    if p.object == "privilege" and attribute(p, "role") is not None:
        return role_mapping(p)
    if p.object != "system-versioning":
        return _lookup(p, found)
    if p.table is None:
        return None
    where = (f"table_schema = {schema_of(p.table)}", f"table_name = {literal(p.table.name)}")
    return Lookup("information_schema.tables", (*where, "table_type = 'SYSTEM VERSIONED'"), "SELECT 1")


CATALOG = Catalog(lookup, identifier, literal, Block.PREPARED, "IGNORE", "INSERT", DROPPED_FIRST)
