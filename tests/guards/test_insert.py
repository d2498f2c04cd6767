"""INSERT that skips rows whose key is there: run twice on the engines, where there is a key."""

from __future__ import annotations

import pytest

from partway.core.edit import Applicability, apply_edits
from partway.dialects import dialect_named
from partway.sql.guards import guard_insert
from tests.engines.plugin import Labs
from tests.guards.helper import operations, run

INSERTS = [
    ("postgresql18", "INSERT INTO t VALUES (1, 'a'), (2, 'b') RETURNING id;"),
    ("postgresql18", "with x as (select 3 as id) insert into t select id, 'c' from x -- last\n;"),
    ("postgresql15", "INSERT INTO t (id, a) OVERRIDING SYSTEM VALUE VALUES (1, 'RETURNING (')"),
    ("mysql", "INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'y');"),
    ("mariadb", "insert low_priority into t values (1, 'x');"),
    ("sqlite", "INSERT INTO t SELECT 1, 'a';"),
]


@pytest.mark.parametrize(("engine_name", "text"), INSERTS)
def test_insert(engine_name: str, text: str, labs: Labs) -> None:
    """Twice is once, and nobody applies it without asking."""
    lab = labs(engine_name)
    (operation,) = operations(text, lab.dialect)
    fix = guard_insert(text, operation, dialect_named(lab.dialect))
    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE
    fixed = apply_edits(text, fix.edits)
    (again,) = operations(fixed, lab.dialect)
    assert guard_insert(fixed, again, dialect_named(lab.dialect)) is None

    lab.fresh()
    setup = "CREATE TABLE t (id int PRIMARY KEY, a varchar(20))"
    run(lab, setup)
    run(lab, text)
    plain = lab.dump()
    lab.fresh()
    run(lab, setup)
    run(lab, fixed)
    run(lab, fixed)
    assert lab.dump() == plain


def test_what_is_no_insert() -> None:
    """Updates have no such guard."""
    text = "UPDATE t SET a = a + 1"
    (operation,) = operations(text, "postgresql")
    assert guard_insert(text, operation, dialect_named("postgresql")) is None
