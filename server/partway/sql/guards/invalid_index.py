"""PostgreSQL: an index built CONCURRENTLY, rebuilt only when a failed run left it INVALID."""

from __future__ import annotations

from partway.core.edit import Edit
from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import Catalog, Lookup
from partway.sql.guards.block import separate_do
from partway.sql.guards.frame import Frame

_WHY = "A failed run leaves the index INVALID, and IF NOT EXISTS would keep it."


def drop_if_invalid(frame: Frame, index: Postcondition, catalog: Catalog, before: int | None) -> Edit | None:
    """A DO block before the statement that drops the index if it is one, on this table, and not valid.

    Never by its bare name: that dropped healthy indexes of the same name in other schemas. An index lives in the schema
    of its table, so that is where it is looked for. DROP INDEX CONCURRENTLY cannot run in a block; the plain one locks
    the table for the moment it takes to drop an index that nobody reads.
    """
    if index.table is None or not index.name.name:
        return None
    qualified = catalog.qualified(Name(index.name.name, index.table.schema))
    table = catalog.qualified(index.table)
    where = (
        f"indexrelid = to_regclass({catalog.literal(qualified)})",
        f"indrelid = to_regclass({catalog.literal(table)})",
        "NOT indisvalid",
    )
    lookup = Lookup("pg_catalog.pg_index", where)
    lines = separate_do(frame, [(lookup, False)], frame.case("DROP INDEX ") + qualified + ";", _WHY)
    return frame.before(lines, before)
