"""MySQL's catalog."""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.dialects.catalog.accounts import anything, dynamic, role_edge
from partway.dialects.catalog.information_schema import DROPPED_FIRST, PLACES, lookup_in
from partway.dialects.catalog.lookup import Block, Catalog, Lookup, attribute
from partway.dialects.catalog.mysql_text import identifier, literal
from partway.dialects.catalog.of_server import MYSQL_PLACES, component, mysql_said, resource_group

_lookup = lookup_in({**PLACES, **MYSQL_PLACES})


def lookup(p: Postcondition, found: bool = False) -> Lookup | None:
    """The row that is there when the postcondition's object is; see `Catalog`."""
    if p.object == "privilege" and attribute(p, "role") is not None:
        return role_edge(p)
    if p.object == "privilege" and attribute(p, "privilege") is None:
        return anything(p, "global_grants")
    if p.object == "privilege" and "_" in (attribute(p, "privilege") or ""):
        return dynamic(p)
    if p.object == "component":
        return component(p)
    if p.object == "resource-group":
        return resource_group(p)
    return mysql_said(p) or _lookup(p, found)


CATALOG = Catalog(lookup, identifier, literal, Block.PREPARED, "IGNORE", "INSERT", DROPPED_FIRST)
