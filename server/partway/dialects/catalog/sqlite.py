"""SQLite's catalog: sqlite_schema and the pragma functions. SQLite has no conditional statement, so no blocks.

https://www.sqlite.org/schematab.html
"""

from __future__ import annotations

from partway.core.postcondition import Postcondition
from partway.dialects.catalog.lookup import Block, Catalog, Lookup, attribute


def identifier(name: str) -> str:
    """A name as SQL text, always quoted: SQLite's keywords change with its version."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string constant; a backslash means itself."""
    return "'" + text.replace("'", "''") + "'"


def lookup(p: Postcondition, found: bool = False) -> Lookup | None:  # noqa: ARG001 - all look alike
    """The row that is there when the postcondition's object is; names are compared as SQLite does, ASCII case aside."""
    if not p.name.name:
        return None
    if p.object == "pragma":
        value = attribute(p, "value") or ""
        no, value = ("<> ", value.removeprefix("not ")) if value.startswith("not ") else ("= ", value)
        said = value if value.lstrip("-").isdigit() else literal(value)
        return Lookup(f"pragma_{p.name.name}", (f"{p.name.name} {no}{said}",), "SELECT 1")
    if p.object in ("column", "column-type") and p.table is not None:
        schema = f", {literal(p.table.schema)}" if p.table.schema else ""
        source = f"pragma_table_xinfo({literal(p.table.name)}{schema})"
        where = [f"name = {literal(p.name.name)} COLLATE NOCASE"]
        if p.object == "column-type":
            # It is kept as it was written.
            said = (attribute(p, "type") or "").replace(" ", "")
            where.append(f"REPLACE(LOWER(type), ' ', '') = {literal(said)}")
        return Lookup(source, tuple(where), "SELECT 1")
    if p.object not in ("table", "index", "view", "trigger"):
        return None
    schema = f"{identifier(p.name.schema)}." if p.name.schema else ""
    where = [f"type = '{p.object}'", f"name = {literal(p.name.name)} COLLATE NOCASE"]
    if p.object in ("index", "trigger") and p.table is not None:
        where.append(f"tbl_name = {literal(p.table.name)} COLLATE NOCASE")
    # sqlite_master is the name that every version knows; sqlite_schema came with 3.33.
    return Lookup(f"{schema}sqlite_master", tuple(where), "SELECT 1")


CATALOG = Catalog(lookup, identifier, literal, Block.NONE, "OR IGNORE", "INSERT")
