"""How much of real migrations Partway reads: `python -m tests.corpus.report FOLDER ...` (`make coverage-report`).

For each folder: how many schema-changing statements were read into operations that are not opaque, and, on PostgreSQL,
how often kind and target agree with libpg_query's reading of the same statement. What is written in a programming
language is counted as `tests.corpus.programs` says.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field

from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.tools.reading import read
from tests.corpus import programs
from tests.corpus.folders import migrations
from tests.corpus.second_opinion import opinion

#: Kinds that change no schema, and so do not count.
_DATA = frozenset(
    (
        "insert",
        "update",
        "delete",
        "merge",
        "copy",
        "select",
        "set",
        "use",
        "prepare",
        "deallocate",
        "pragma",
        "call",
        "lock-table",
        "unlock-tables",
        "truncate",
        "do",
        "analyze",
        "vacuum",
    )
)


@dataclass
class Score:
    """The figures of one folder."""

    files: Counter[tuple[str, str]] = field(default_factory=Counter)
    statements: int = 0
    opaque: list[str] = field(default_factory=list)
    compared: int = 0
    disagreements: list[str] = field(default_factory=list)

    def add(self, migration: Migration) -> None:
        """Count one file."""
        self.files[migration.tool, migration.dialect] += 1
        text = migration.source.text
        for section in migration.sections:
            for operation in section.operations:
                if operation.kind in _DATA:
                    continue
                said = text[operation.statement.start : operation.statement.end]
                self.statements += 1
                where = f"{migration.source.path}: {' '.join(said.split())[:110]}"
                if any(action.kind == "opaque" for action in operation.actions):
                    self.opaque.append(where)
                elif migration.dialect == "postgresql":
                    self._compare(operation, said, where)

    def _compare(self, operation: Operation, said: str, where: str) -> None:
        theirs = opinion(said) if said[:2].upper() != "DO" else None
        if theirs is None:
            return
        self.compared += 1
        ours = [(action.kind, action.target) for action in operation.actions]
        if ours != theirs:
            self.disagreements.append(f"{where}\n      ours   {ours}\n      theirs {theirs}")


def score(folder: str) -> Score:
    """The figures of one folder."""
    found = Score()
    for one in migrations(folder):
        found.add(read(one.source, one.choice))
    return found


def main() -> int:
    """Print a row for each folder, and every statement that counts against us."""
    for folder in sys.argv[1:]:
        told = programs.report(folder)
        found = score(folder)
        if not found.statements:
            if told:
                continue
            print(f"{folder}: no schema-changing statements")
            continue
        read_well = 100 * (1 - len(found.opaque) / found.statements)
        kinds = ", ".join(f"{count} {tool}/{dialect}" for (tool, dialect), count in found.files.most_common())
        print(f"{folder}: {found.statements} statements in {sum(found.files.values())} files ({kinds})")
        print(f"    read: {read_well:.2f}%, opaque: {len(found.opaque)}")
        for where in found.opaque:
            print(f"      {where}")
        if found.compared:
            agreed = 100 * (1 - len(found.disagreements) / found.compared)
            print(f"    agrees with libpg_query: {agreed:.2f}% of {found.compared}")
            for disagreement in found.disagreements:
                print(f"      {disagreement}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
