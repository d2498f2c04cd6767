"""The rules: every module here that has a `check` is one, named after its file."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module

from partway.rules.rule import Rule


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by name, in alphabetical order. Found by their files: there is no list to keep."""
    names = sorted(entry[:-3] for entry in os.listdir(os.path.dirname(__file__)) if entry.endswith(".py"))
    found = {}
    for name in names:
        module = import_module(f"{__name__}.{name}") if not name.startswith("_") else None
        if module is not None and hasattr(module, "check"):
            public = name.replace("_", "-")
            found[public] = Rule(
                public,
                module.GROUP,
                module.SEVERITY,
                getattr(module, "DEFAULT", True),
                module.__doc__ or "",
                module.check,
                getattr(module, "OF_DERIVED", False),
            )
    return found
