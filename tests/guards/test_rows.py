"""Every guard that a dialect's table names, run on the engine: as the fix writes it into an observed statement."""

from __future__ import annotations

from functools import cache

import pytest

from partway.dialects import dialect_named
from partway.dialects.dialect import Row, Way
from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.engines.servers import ENGINES
from tests.guards import by_hand
from tests.guards.cases import CASES
from tests.guards.helper import Guarded, guarded, operations, run, statements
from tests.truth.cases import Case
from tests.truth.observe import Workbench, committed
from tests.truth.reach import numbered
from tests.truth.test_rows import UNREACHABLE, key, observed

#: Rows whose guard is run elsewhere, and where.
ELSEWHERE = {
    ("postgresql", "drop-subscription", frozenset[str]()): (
        "tests/engines/test_two_servers.py: IF EXISTS, with a slot on a second server"
    ),
}


def _named(engine: str) -> set[int]:
    """The rows of nameless things that tests/guards/cases.py names: what name they get, the table there decides."""
    dialect = dialect_named(ENGINES[engine].dialect)
    version = numbered(committed(engine)[0])
    rows = [
        dialect.row(action.kind, action.traits, version)
        for case in CASES
        if case.engine == engine
        for operation in operations(case.statement, dialect.name, version)
        for action in operation.actions
    ]
    return {id(row) for row in rows if row is not None and row.guard is Way.NAME_IT}


def _guarded_rows(engine: str) -> list[Row]:
    """The rows of this engine and version that name a guard, can be reached, and are not run elsewhere."""
    dialect = dialect_named(ENGINES[engine].dialect)
    version = numbered(committed(engine)[0])
    named = _named(engine)
    return [
        row
        for row in dialect.rows
        if dialect.way(row, version) not in (Way.NONE, Way.NEEDLESS)
        and dialect.row(row.kind, row.traits, version) is row
        and key(dialect.name, row) not in UNREACHABLE
        and (dialect.name, row.kind, row.traits) not in ELSEWHERE
        and id(row) not in named
        and ((hand := _by_hand(engine, row)) is None or version >= hand.since)
    ]


def _by_hand(engine: str, row: Row) -> by_hand.ByHand | None:
    dialect = ENGINES[engine].dialect
    for case in by_hand.CASES:
        if (case.dialect, case.kind, frozenset(case.traits.split())) == (dialect, row.kind, row.traits):
            return case
    return None


def _text(case: Case, dialect: str) -> str:
    """The case's own statement as a file has it."""
    (statement,) = case.statements
    if ";" in statement and dialect in {"mysql", "mariadb"}:
        return f"DELIMITER //\n{statement}//\nDELIMITER ;\n"
    return f"{statement};\n"


@cache
def _fixed(engine: str) -> dict[int, tuple[Case, str, Guarded]]:
    """For each row the first observed statement that reaches it bare and alone and that a safe fix guards."""
    dialect, version = ENGINES[engine].dialect, numbered(committed(engine)[0])
    found: dict[int, tuple[Case, str, Guarded]] = {}
    for case, _, actions in observed(engine):
        if len(actions) != 1 or len(case.statements) != 1 or case.above:
            continue
        ((action, row),) = actions
        if row is None or action.guard is not None or id(row) in found:
            continue
        text = _text(case, dialect)
        fixed = guarded(text, dialect, version)
        if fixed.safe and fixed.text != text:
            found[id(row)] = case, text, fixed
    return found


PAIRS = [
    pytest.param(engine, row, id=f"{engine}-{row.kind}-{'-'.join(sorted(row.traits))}")
    for engine in ENGINES
    for row in _guarded_rows(engine)
]


@pytest.mark.parametrize(("name", "row"), PAIRS)
def test_guard_of_the_row(name: str, row: Row, labs: Labs) -> None:
    """What a safe fix makes of a statement, or a hand where there is no fix, can be run twice, and after the plain
    one.
    """
    lab = labs(name)
    if id(row) not in _fixed(name):
        case = _by_hand(name, row)
        assert case is not None, "neither a safe fix for an observed statement nor a guard by hand"
        if numbered(lab.server_version) < case.since:
            pytest.xfail(f"the statement is younger than this server: {case.since}")
        _run_by_hand(lab, case)
        return
    observed_case, plain, fixed = _fixed(name)[id(row)]
    bench = Workbench(lab)
    bench.prepare(observed_case)
    _run(lab, observed_case, plain)
    once = lab.dump()
    _run(lab, observed_case, fixed.text)
    assert lab.dump() == once, "not the same where it was already done"
    bench.prepare(observed_case)
    _run(lab, observed_case, fixed.text)
    assert lab.dump() == once, "once guarded is not once plain"
    _run(lab, observed_case, fixed.text)
    assert lab.dump() == once, "a second run changed something"


def _run(lab: Lab, case: Case, text: str) -> None:
    with lab.connect() as session:
        for before in case.session:
            session.script(before)
        for statement in statements(text, lab.dialect):
            session.run(statement)


def _run_by_hand(lab: Lab, case: by_hand.ByHand) -> None:
    lab.fresh()
    run(lab, case.setup)
    before = lab.dump()
    run(lab, case.guarded)
    once = lab.dump()
    assert once != before, "the guard kept the statement from running"
    run(lab, case.guarded)
    assert lab.dump() == once, "a second run changed something"
    if case.plain:
        lab.fresh()
        run(lab, case.setup)
        run(lab, case.plain)
        assert lab.dump() == once, "once guarded is not once plain"


def test_no_guard_by_hand_is_needless() -> None:
    """A guard by hand stands for a row that has no fix on any engine."""
    for case in by_hand.CASES:
        engines = [name for name, engine in ENGINES.items() if engine.dialect == case.dialect]
        rows = [
            row
            for row in dialect_named(case.dialect).rows
            if (row.kind, row.traits) == (case.kind, frozenset(case.traits.split()))
        ]
        assert rows
        assert not any(id(row) in _fixed(name) for name in engines for row in rows), case.kind
