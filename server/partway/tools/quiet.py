"""Files of which nothing can be said, told from their words alone, so that a run need not read them.

Where the tool runs a migration in one transaction that the dialect rolls back, a failure leaves nothing, and no default
rule finds anything but in files with certain words: those of SQL, of opt-outs, of guards. Tests hold this against what
is found when the same files are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from partway.dialects import dialect_named
from partway.dialects.dialect import Dialect
from partway.tools.choice import Choice
from partway.tools.reading import ASSUMED


class _Module(Protocol):
    """What `tools/<folder>/quiet.py` holds."""

    def is_quiet(self, text: str, dialect: Dialect, settings: Mapping[str, str]) -> bool:
        """Whether the default rules find nothing in a migration with this text, whatever else stands in it."""
        ...


def is_quiet(text: str, choice: Choice) -> bool:
    """Whether the default rules find nothing in a migration with this text. False for what has to be read."""
    if choice.tool is None or choice.transaction is not None:
        return False
    module = _module(choice.tool)
    return module is not None and module.is_quiet(
        text, dialect_named(choice.dialect or ASSUMED), dict(choice.settings)
    )


@cache
def _module(tool: str) -> _Module | None:
    name = f"partway.tools.{tool.replace('-', '_')}.quiet"
    if find_spec(name) is None:
        return None
    found: _Module = import_module(name)
    return found
