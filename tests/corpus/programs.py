"""How much of real migrations of Rails, Django and Alembic is read, for `tests.corpus.report`.

An operation counts as read when it is not opaque. Data changes by the application's own code (`RunPython`, models,
sessions) and calls of helpers that the tool does not know are counted apart and named; the tool's own words that could
not be read count against us. What the tool's own words are comes from the tools themselves.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from partway.core.migration import Migration
from partway.tools.rails.vocabulary import METHODS
from partway.tools.reading import read
from partway.tools.suffixes import PROGRAMS
from tests.corpus.folders import migrations

_CODE = frozenset({"run-python"})
#: An operation of the project's own that has the name of one of Django's, by the module that it is imported from.
_OTHERS = re.compile(r"(?!django\.|migrations\.)\w*\.[\w.]+ is no operation of Django's")


@dataclass
class Score:
    """The figures of one folder. `code` and `helpers` are what is counted apart, by name; `unread` what should have
    been read."""

    files: Counter[tuple[str, str]] = field(default_factory=Counter)
    operations: int = 0
    code: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)

    def add(self, migration: Migration) -> None:
        """Count one file."""
        self.files[migration.tool, migration.dialect] += 1
        for section in migration.sections:
            for operation in section.operations:
                if operation.kind in _CODE:
                    self.code[operation.actions[0].words] += 1
                elif operation.kind != "opaque":
                    self.operations += 1
                elif _own(migration.tool, operation.target) and not _OTHERS.match(operation.why_opaque):
                    line = migration.source.position(operation.span.start).line
                    why = f"{operation.target}: {operation.why_opaque}"
                    self.unread.append(f"{migration.source.path}:{line}: {why}")
                else:
                    self.code[operation.target or "?"] += 1


def _own(tool: str, called: str) -> bool:
    """Whether this is a word of the tool's, which Partway has to know."""
    if not called:
        return True
    receiver, _, name = called.rpartition(".")
    if tool == "rails":
        return called in METHODS
    if tool == "alembic":  # a function of that name without a receiver is the project's own
        return bool(receiver) and name in _directives()
    return name in _operations()


@cache
def _directives() -> frozenset[str]:
    from alembic.operations import BatchOperations, Operations

    return frozenset(name for kind in (Operations, BatchOperations) for name in dir(kind) if name[0] != "_")


@cache
def _operations() -> frozenset[str]:
    from django.contrib.postgres import operations as of_postgresql
    from django.db.migrations import operations

    return frozenset(
        name for module in (operations, of_postgresql) for name in dir(module) if name[0].isupper()
    )


def report(folder: str) -> bool:
    """Print the figures of a folder and all that counts against us; False where it holds no such migrations."""
    found = Score()
    for one in migrations(folder, PROGRAMS):
        found.add(read(one.source, one.choice, beside=one.beside))
    if not found.files:
        return False
    known = found.operations + len(found.unread)
    share = 100 * found.operations / known if known else 100.0
    kinds = ", ".join(f"{count} {tool}/{dialect}" for (tool, dialect), count in found.files.most_common())
    name = os.path.basename(folder.rstrip("/"))
    print(f"{name}: {known} operations in {sum(found.files.values())} files ({kinds})")
    print(f"    read: {share:.2f}%, not read: {len(found.unread)}, code and helpers: {found.code.total()}")
    for where in found.unread:
        print(f"      {where}")
    if found.code:
        print("      " + ", ".join(f"{called} {count}" for called, count in found.code.most_common(12)))
    return True
