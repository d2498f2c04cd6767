"""MariaDB's catalog: MySQL's, with sequences and system-versioned tables among the tables."""

from __future__ import annotations

from partway.dialects.catalog.information_schema import (
    DROPPED_FIRST,
    PLACES,
    Place,
    identifier,
    literal,
    lookup_in,
)
from partway.dialects.catalog.lookup import Block, Catalog

_OWN = {
    "table": Place(
        "tables", "table_schema", "", "table_name", ("table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')",)
    ),
    "sequence": Place("tables", "table_schema", "", "table_name", ("table_type = 'SEQUENCE'",)),
}

CATALOG = Catalog(
    lookup_in({**PLACES, **_OWN}), identifier, literal, Block.PREPARED, "IGNORE", "INSERT", DROPPED_FIRST
)
