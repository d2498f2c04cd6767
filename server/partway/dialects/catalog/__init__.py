"""How each dialect's catalog is asked whether something is there: one module per dialect, one place per kind."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from partway.dialects.catalog.lookup import Block, Catalog, Lookup, attribute, in_case

if TYPE_CHECKING:
    from partway.core.postcondition import Postcondition

__all__ = ["Block", "Catalog", "Lookup", "attribute", "catalog", "condition", "in_case"]


@cache
def catalog(dialect: str) -> Catalog:
    """The catalog of the dialect with this public name; KeyError for a dialect that has none."""
    try:
        found: Catalog = import_module(f"{__name__}.{dialect}").CATALOG
    except ModuleNotFoundError:
        raise KeyError(dialect) from None
    return found


def condition(dialect: str, postcondition: Postcondition) -> str | None:
    """A boolean SQL expression, on one line, that is true when the postcondition's object is there.

    Whoever asks for absence negates it. None when the catalog cannot be asked about this object.
    """
    lookup = catalog(dialect).lookup(postcondition)
    return lookup.sql if lookup is not None else None
