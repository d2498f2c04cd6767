"""MySQL's catalog."""

from __future__ import annotations

from partway.dialects.catalog.information_schema import DROPPED_FIRST, PLACES, lookup_in
from partway.dialects.catalog.lookup import Block, Catalog
from partway.dialects.catalog.mysql_text import identifier, literal

CATALOG = Catalog(lookup_in(PLACES), identifier, literal, Block.PREPARED, "IGNORE", "INSERT", DROPPED_FIRST)
