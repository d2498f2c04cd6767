"""Every statement of `statements/*.yaml` run on the real engines: twice, and in a transaction that is rolled back."""

from __future__ import annotations

import re
import time

from tests.data.cases import FAMILIES, Case, load
from tests.engines.lab import Lab, Session, SqlError

TABLES = ("t", "src", "nokey")
#: These engines count time in seconds: a second run within the same one would seem to change nothing.
CLOCK = re.compile(r"\b(now|current_timestamp|datetime)\b", re.IGNORECASE)
SEQUENCE = re.compile(r"\b(nextval|setval)\b", re.IGNORECASE)


def test_engines_do_what_is_recorded(engine: Lab) -> None:
    setup, cases = load(FAMILIES[engine.dialect])
    engine.fresh()
    wrong = []
    with engine.connect() as session:
        for case in cases:
            seen = observe(engine, session, setup, case)
            if seen != (case.repeat, case.in_transaction):
                wrong.append(f"{seen} instead of {(case.repeat, case.in_transaction)}: {case.sql}")
    assert not wrong, "\n".join(wrong)


def observe(lab: Lab, session: Session, setup: str, case: Case) -> tuple[str, str]:
    """What the second run does, and what becomes of a rolled-back one."""
    restore(session, setup)
    before = state(session, case)
    session.run("BEGIN")
    session.run(case.sql)
    session.run("ROLLBACK")
    ending = "rolls-back" if state(session, case) == before else "commits"
    restore(session, setup)
    session.run(case.sql)
    first = state(session, case)
    if lab.dialect != "postgresql" and CLOCK.search(case.sql):
        time.sleep(1.1)
    try:
        session.run(case.sql)
    except SqlError:
        return "fails", ending
    return "same" if state(session, case) == first else "changes", ending


def restore(session: Session, setup: str) -> None:
    for table in TABLES:
        session.run(f"DROP TABLE IF EXISTS {table}")
    session.script(setup)


def state(session: Session, case: Case) -> list[object]:
    """The rows of all tables; for statements about sequences, and those that make large objects, these too."""
    found: list[object] = [sorted(map(repr, session.run(f"SELECT * FROM {table}"))) for table in TABLES]
    if SEQUENCE.search(case.sql):
        found.append(session.run("SELECT last_value, is_called FROM t_id_seq"))
    if "lo_" in case.sql:
        found.append(session.run("SELECT count(*) FROM pg_largeobject_metadata"))
    return found
