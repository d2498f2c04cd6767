"""Which module knows the types of a dialect."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType


@cache
def normal_types(dialect: str) -> ModuleType:
    """The module that knows this dialect's types."""
    return import_module(f"partway.live.normal.{dialect}")
