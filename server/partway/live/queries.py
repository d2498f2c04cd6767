"""The query that a person can run to see what a state says: in psql, mysql or sqlite3, as it stands."""

from __future__ import annotations

from partway.core.postcondition import SAYINGS, Postcondition
from partway.dialects.catalog import condition


def query(fact: Postcondition, dialect: str) -> str:
    """A query whose one row says whether what the fact names is there; empty where the catalog has no place for it."""
    asked = condition(dialect, fact._replace(present=True, attributes=_telling(fact)))
    return f"SELECT {asked};" if asked is not None else ""


def _telling(fact: Postcondition) -> tuple[tuple[str, str], ...]:
    """The attributes by which the thing is found; the others would hide one that is there but different."""
    if fact.object in SAYINGS or fact.object == "privilege":
        return fact.attributes
    found = ("kind", "arguments") if fact.name.name else ("kind", "columns", "references")
    return tuple((key, value) for key, value in fact.attributes if key in found)
