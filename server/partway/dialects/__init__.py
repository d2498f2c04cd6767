"""One table for each database dialect, and the one place that knows their names."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partway.dialects.dialect import Dialect

#: Public names, in the order they are offered.
NAMES = ("postgresql", "mysql", "mariadb", "sqlite")


@cache
def dialect_named(name: str) -> Dialect:
    """The dialect of this public name; its table is imported when first asked for. Raises KeyError for another name."""
    if name not in NAMES:
        raise KeyError(name)
    found: Dialect = import_module(f"partway.dialects.{name}").DIALECT
    return found


#: Databases whose users share files.
_AKIN = frozenset({"mysql", "mariadb"})


def akin(one: str, other: str) -> bool:
    """Whether what is written for one of these databases is run on the other as well."""
    return one == other or {one, other} <= _AKIN
