"""Finds out what an engine does with a statement: run twice, and run inside a transaction that is rolled back.

`python -m tests.truth.observe [ENGINE ...]` observes the whole set and writes `observed/ENGINE.json`.
"""

from __future__ import annotations

import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.engines.lab import Dump, Lab, Session, SqlError, open_lab
from tests.engines.process import Unavailable
from tests.engines.servers import ENGINES
from tests.truth.cases import Case, load

OBSERVED = Path(__file__).with_name("observed")

# A row that is inserted in the transaction before the statement: it survives the rollback if the statement commits.
MARKER_TABLE = "CREATE TABLE partway_marker (id int)"
MARKER = "INSERT INTO partway_marker VALUES (1)"

# A number that an INSERT took from a sequence is neither schema nor data, so the position of a sequence counts only
# for statements whose business it is.
ABOUT_POSITIONS = re.compile(r"setval|nextval|\bsequence\b|\brestart\b|auto_increment|sqlite_sequence", re.I)

# These engines count time in seconds: a second run within the same one would seem to change nothing.
CLOCK = re.compile(r"\b(now|sysdate|curdate|curtime|current_timestamp|unix_timestamp|strftime|datetime|localtime)\b", re.I)

# SQLSTATE no_active_sql_transaction: LOCK TABLE, SAVEPOINT and the like have a meaning only inside a transaction.
NEEDS_TRANSACTION = "25P01"


class BrokenCase(Exception):
    """The case itself is wrong: its set-up or its first run fails."""


def observe(lab: Lab, case: Case) -> dict[str, str]:
    """The verdicts on one case: `repeat` (same, fails, changes), `in_transaction` (rolls-back, refused, commits).

    `error` is the engine's code where the second run failed or the transaction was refused.
    """
    positions = any(ABOUT_POSITIONS.search(statement) for statement in case.statements)
    _prepare(lab, case)
    before = lab.dump(positions)
    verdict = _observe_transaction(lab, case, before, positions)
    # A statement that committed the transaction it stood in has had its first run.
    ran = verdict["in_transaction"] == "commits" and bool(lab.rows("SELECT 1 FROM partway_marker"))
    if verdict["in_transaction"] != "rolls-back" and not ran:
        _prepare(lab, case)
    return _observe_repeat(lab, case, positions, ran) | verdict


def _prepare(lab: Lab, case: Case) -> None:
    lab.fresh()
    try:
        lab.script(MARKER_TABLE)
        with lab.connect() as session:
            for text in case.setup:
                session.script(text)
    except SqlError as error:
        raise BrokenCase(f"{case.id}: the set-up fails: {error}") from error


def _observe_transaction(lab: Lab, case: Case, before: Dump, positions: bool) -> dict[str, str]:
    verdict = _end_in_rollback(lab, case, before, positions, MARKER)
    if lab.dialect == "sqlite" and verdict["in_transaction"] == "rolls-back":
        # SQLite refuses PRAGMA journal_mode at the start of a transaction and ignores it after a write.
        verdict = _end_in_rollback(lab, case, before, positions, "SELECT 1")
    return verdict


def _end_in_rollback(lab: Lab, case: Case, before: Dump, positions: bool, first: str) -> dict[str, str]:
    with _session(lab, case) as session:
        session.run("BEGIN")
        session.run(first)
        try:
            for statement in case.statements:
                session.run(statement)
        except SqlError as error:
            if not lab.refused(error):
                raise BrokenCase(f"{case.id}: fails in a transaction: {error}: {case.sql}") from error
            return {"in_transaction": "refused", "error": error.code}
        try:
            session.run("ROLLBACK")
        except SqlError as error:
            # The statement itself ended the transaction; SQLite alone calls a further ROLLBACK an error.
            if "no transaction is active" not in error.message:
                raise
    return {"in_transaction": "rolls-back" if lab.dump(positions) == before else "commits"}


def _observe_repeat(lab: Lab, case: Case, positions: bool, ran: bool) -> dict[str, str]:
    transaction = False
    if not ran:
        try:
            _run(lab, case, transaction)
        except SqlError as error:
            if error.code != NEEDS_TRANSACTION:
                raise BrokenCase(f"{case.id}: the first run fails: {error}: {case.sql}") from error
            transaction = True
            _run(lab, case, transaction)
    first = lab.dump(positions)
    if lab.dialect != "postgresql" and any(CLOCK.search(text) for text in (*case.statements, *case.setup[1:])):
        time.sleep(1.1)
    try:
        _run(lab, case, transaction)
    except SqlError as error:
        return {"repeat": "fails", "error": error.code}
    return {"repeat": "same" if lab.dump(positions) == first else "changes"}


def _run(lab: Lab, case: Case, transaction: bool) -> None:
    """Run the case in a session of its own, as a tool does that was started again."""
    with _session(lab, case) as session:
        for statement in ["BEGIN"] * transaction + [*case.statements] + ["COMMIT"] * transaction:
            session.run(statement)


def _session(lab: Lab, case: Case) -> Session:
    session = lab.connect()
    for text in case.session:
        session.script(text)
    return session


def observe_all(lab: Lab) -> dict[str, dict[str, str]]:
    """The verdicts on every case that this server is meant to take; `BrokenCase` lists all that are wrong."""
    verdicts, broken = {}, []
    for case in load(lab.dialect, lab.server_version):
        try:
            verdicts[case.id] = observe(lab, case)
        except BrokenCase as error:
            broken.append(str(error))
    if broken:
        raise BrokenCase(f"{lab.name}:\n" + "\n".join(broken))
    return verdicts


def committed(engine: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Server version and verdicts that were observed on an engine and written to its file."""
    content = json.loads((OBSERVED / f"{engine}.json").read_text())
    return content["server_version"], content["verdicts"]


def main(engines: list[str]) -> int:
    """Observe and write; 1 when a case is broken or an engine is missing."""

    def one(name: str) -> str:
        started = time.monotonic()
        lab = open_lab(name)
        try:
            verdicts = observe_all(lab)
        finally:
            lab.close()
        content = {"server_version": lab.server_version, "verdicts": dict(sorted(verdicts.items()))}
        (OBSERVED / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
        return f"{name}: {len(verdicts)} statements in {time.monotonic() - started:.1f} s"

    failed = False
    with ThreadPoolExecutor(len(ENGINES)) as pool:
        for future in [pool.submit(one, name) for name in engines or ENGINES]:
            try:
                print(future.result())
            except (BrokenCase, Unavailable) as error:
                failed = True
                print(error, file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
