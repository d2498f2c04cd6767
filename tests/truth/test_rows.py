"""Every row of every dialect's table is proved by what an engine did, or stands here with the reason why it is not."""

from __future__ import annotations

from functools import cache

import pytest

from partway.core.operation import InTransaction, Repeat
from partway.dialects import dialect_named
from partway.dialects.dialect import Row
from tests.engines.servers import ENGINES
from tests.truth import two_servers
from tests.truth.cases import Case, load
from tests.truth.observe import committed
from tests.truth.reach import Reached, reached

DIALECTS = sorted({engine.dialect for engine in ENGINES.values()})

Key = tuple[str, str, frozenset[str], tuple[int, ...], tuple[int, ...]]

#: Rows that no engine at hand can show, why not, and the page of its manual that says what the row says.
UNREACHABLE: dict[Key, str] = {
    ("postgresql", "add-enum-value", frozenset(), (), (12,)): (
        "needs PostgreSQL 11; https://www.postgresql.org/docs/11/sql-altertype.html: ALTER TYPE ... ADD VALUE"
        " cannot be executed inside a transaction block"
    ),
    ("postgresql", "security-label", frozenset(), (), ()): (
        "needs a label provider, a C library that the server loads at its start;"
        " https://www.postgresql.org/docs/current/sql-security-label.html: the label replaces the one before"
    ),
    ("mysql", "create-view", frozenset(), (), ()): (
        "needs MySQL before 9.1, which has no CREATE VIEW IF NOT EXISTS;"
        " https://dev.mysql.com/doc/refman/8.4/en/create-view.html"
    ),
    ("mariadb", "install", frozenset(), (), ()): (
        "needs a plugin's library, which the server's own package does not carry; the row is MySQL's, where it is"
        " observed; https://mariadb.com/kb/en/install-plugin/: an error if the plugin is installed already"
    ),
    ("mariadb", "uninstall", frozenset(), (), ()): (
        "as for install; https://mariadb.com/kb/en/uninstall-plugin/: an error without IF EXISTS"
    ),
}

#: Kinds whose row is only what holds where the statement itself says no more: the reader looks into each one.
DATA = {"insert", "update", "delete", "merge", "copy", "select"}

#: Statements on which the engine and the row differ, and why the row stays as it is.
DIFFERENT = {
    ("mariadb", "session/revoke-something-never-granted"): (
        "whether a privilege on the table is left to take decides, and the text does not say that"
    ),
}


def key(dialect: str, row: Row) -> Key:
    """What tells a row from all others of its table."""
    return dialect, row.kind, row.traits, row.since, row.until


@cache
def observed(engine: str) -> list[tuple[Case, dict[str, str], list[Reached]]]:
    """Each case that was observed on an engine, its verdicts, and what it reaches."""
    version, verdicts = committed(engine)
    dialect = ENGINES[engine].dialect
    return [
        (case, verdicts[case.id], reached(case, dialect, version))
        for case in load(dialect, version)
        if case.id in verdicts
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_row_is_its_own(dialect: str) -> None:
    keys = [key(dialect, row) for row in dialect_named(dialect).rows]
    assert sorted(map(str, set(keys))) == sorted(map(str, keys))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_row_is_reached(dialect: str) -> None:
    found = {
        key(dialect, row)
        for name, engine in ENGINES.items()
        if engine.dialect == dialect
        for _, _, actions in observed(name)
        for _, row in actions
        if row is not None
    }
    if dialect == "postgresql":  # tests/engines/test_two_servers.py runs them and compares with the rows
        found |= {
            key(dialect, row)
            for case in two_servers.cases()
            for _, row in reached(case, dialect, "18")
            if row is not None
        }
    listed = {entry for entry in UNREACHABLE if entry[0] == dialect}
    everything = {key(dialect, row) for row in dialect_named(dialect).rows}
    assert sorted(map(str, everything - found - listed)) == [], "reached by no statement that was observed"
    assert sorted(map(str, listed & found)) == [], "listed as unreachable, and reached"
    assert sorted(map(str, listed - everything)) == [], "listed as unreachable, and no row"


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_say_what_the_engine_did(engine: str) -> None:
    """Of statements with one action and without a guard: the verdict is the row's."""
    dialect = ENGINES[engine].dialect
    wrong = []
    for case, verdict, actions in observed(engine):
        if len(actions) != 1 or (dialect, case.id) in DIFFERENT:
            continue
        ((action, row),) = actions
        if row is None or action.guard is not None:
            continue
        in_detail = row.kind in DATA
        repeat = action.repeat if in_detail else row.repeat
        transaction = action.in_transaction if in_detail else row.transaction
        # Whether a row without a key comes twice or meets a unique index, the table's definition decides.
        same = verdict["repeat"] == repeat or (row.kind in {"insert", "copy"} and repeat is Repeat.CHANGES)
        if not same and repeat is not Repeat.UNKNOWN:
            wrong.append(f"{case.id}: {row.kind} {sorted(row.traits)}: {repeat}, not {verdict['repeat']}")
        if verdict["in_transaction"] != transaction and transaction is not InTransaction.UNKNOWN:
            wrong.append(
                f"{case.id}: {row.kind} {sorted(row.traits)}: {transaction}, not {verdict['in_transaction']}"
            )
    assert not wrong, "\n".join(wrong)


def test_differences_are_still_there() -> None:
    for dialect, name in DIFFERENT:
        engine = next(engine for engine, entry in ENGINES.items() if entry.dialect == dialect)
        ((verdict, actions),) = [(v, a) for case, v, a in observed(engine) if case.id == name]
        assert any(row and row.repeat != verdict["repeat"] for _, row in actions)
