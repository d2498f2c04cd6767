"""Every kind of operation that the SQL reader knows, on the real engine: pending before it ran, applied after."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from partway.dialects import dialect_named
from tests.engines.lab import Lab, SqlError
from tests.engines.plugin import Labs
from tests.live.helper import operations, stand
from tests.live.kinds import ALREADY, CONDITIONAL, PARTLY, UNSEEN
from tests.truth.cases import FAILS, Case, load

ENGINES = ("postgresql18", "postgresql15", "mysql", "mariadb", "sqlite")
#: So many statements of each kind are tried.
_OF_A_KIND = 4


@cache
def _kinds(dialect: str, version: str) -> dict[str, list[Case]]:
    """The statements of the truth set that are one operation each, by its kind."""
    found: dict[str, list[Case]] = defaultdict(list)
    for case in load(dialect, version):
        read = operations(case.sql, dialect)
        if len(case.statements) == 1 and len(read) == 1:
            found[read[0].kind].append(case)
    return found


def _before_and_after(lab: Lab, case: Case) -> tuple[str, str] | None:
    """The states around one run; None where a statement cannot run by itself."""
    lab.fresh()
    try:
        for text in case.setup:
            if text.startswith(FAILS):
                with pytest.raises(SqlError):
                    lab.script(text.removeprefix(FAILS))
            else:
                lab.script(text)
        (before,) = stand(lab, case.sql).states
        lab.execute(*case.session, case.sql)
    except SqlError:
        return None
    (after,) = stand(lab, case.sql).states
    return str(before.state), str(after.state)


@pytest.mark.parametrize("engine", ENGINES)
def test_pending_before_and_applied_after(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    wrong, seen = [], set()
    for kind, cases in _kinds(lab.dialect, lab.version).items():
        for case in cases[:_OF_A_KIND]:
            states = _before_and_after(lab, case)
            if states is None:
                continue
            if states == ("unknown", "unknown"):
                right = kind in UNSEEN[lab.dialect] | PARTLY[lab.dialect]
            elif case.id in CONDITIONAL:
                right = states == ("pending", "pending")
            else:
                right = states in (("pending", "applied"), ("applied", "applied"))
                right = right and (states[0] == "pending" or case.id in ALREADY)
                seen.add(kind)
            if not right:
                wrong.append(f"{kind} {case.id}: {states}")
    assert not wrong
    assert not seen & UNSEEN[lab.dialect], "some of these kinds can be seen by now"
    assert len(seen) >= {"postgresql": 110, "mysql": 30, "mariadb": 32, "sqlite": 10}[lab.dialect]


def test_the_documentation_lists_what_cannot_be_seen(repository: Path) -> None:
    text = (repository / "docs/reference/status.md").read_text(encoding="utf-8")
    for dialect, kinds in UNSEEN.items():
        said = text.partition(f"\n{dialect_named(dialect).title}: ")[2].partition("\n\n")[0]
        assert set(re.findall(r"`([a-z-]+)`", said)) == kinds
