"""Finds out what an engine does with a statement: run twice, and run inside a transaction that is rolled back.

`python -m tests.truth.observe [ENGINE ...]` observes the whole set and writes `observed/ENGINE.json`.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.engines.lab import Dump, Lab, Session, SqlError, attach_lab, open_lab
from tests.engines.process import Unavailable
from tests.engines.servers import ENGINES, Address
from tests.truth.cases import FAILS, Case, load

OBSERVED = Path(__file__).with_name("observed")

# A row that is inserted in the transaction before the statement: it survives the rollback if the statement commits.
MARKER_TABLE = "CREATE TABLE partway_marker (id int)"
MARKER = "INSERT INTO partway_marker VALUES (1)"

# A number that an INSERT took from a sequence is neither schema nor data, so the position of a sequence counts only
# for statements whose business it is.
ABOUT_POSITIONS = re.compile(r"setval|nextval|\bsequence\b|\brestart\b|auto_increment|sqlite_sequence", re.I)

# These engines count time in seconds: a second run within the same one would seem to change nothing.
CLOCK = re.compile(
    r"\b(now|sysdate|curdate|curtime|current_timestamp|unix_timestamp|strftime|datetime|localtime)\b", re.I
)

# LOCK TABLE, SAVEPOINT and the like have a meaning only inside a transaction: PostgreSQL's SQLSTATE
# no_active_sql_transaction; SQLite has no code of its own for it.
NEEDS_TRANSACTION = "25P01"
NO_TRANSACTION = "no transaction is active"


class BrokenCase(Exception):
    """The case itself is wrong: its set-up or its first run fails."""


class Workbench:
    """A lab, and the set-up that its database is known to be in: a case that changes nothing leaves it to the next."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._setup: tuple[str, ...] | None = None
        self._dumps: dict[tuple[tuple[str, ...], bool], Dump] = {}

    def prepare(self, case: Case) -> None:
        """Bring the database into the state that the case begins with."""
        if self._setup != case.setup:
            self.lab.fresh()
            try:
                with self.lab.connect() as session:
                    for text in (MARKER_TABLE, *case.setup):
                        _prepare_step(session, text)
            except SqlError as error:
                raise BrokenCase(f"{case.id}: the set-up fails: {error}") from error
        self._setup = None

    def begin(self, case: Case, positions: bool) -> Dump:
        """Prepare, and say what there is. The same set-up makes the same each time, so it is looked at once."""
        self.prepare(case)
        key = case.setup, positions
        if key not in self._dumps:
            self._dumps[key] = self.lab.dump(positions)
        return self._dumps[key]

    def leave(self, case: Case) -> None:
        """Say that the database is still in the state that the case began with."""
        self._setup = case.setup


def _prepare_step(session: Session, text: str) -> None:
    try:
        session.script(text)
    except SqlError:
        if not text.startswith(FAILS):
            raise
        return
    if text.startswith(FAILS):
        raise SqlError("none", f"it was to fail: {text}")


def observe(bench: Workbench, case: Case) -> dict[str, str]:
    """The verdicts on one case: `repeat` (same, fails, changes), `in_transaction` (rolls-back, refused, commits).

    `error` is the engine's code where the second run failed or the transaction was refused.
    """
    lab = bench.lab
    positions = any(ABOUT_POSITIONS.search(statement) for statement in case.statements)
    before = bench.begin(case, positions)
    verdict = _observe_transaction(lab, case, before, positions)
    # A statement that committed the transaction it stood in has had its first run.
    ran = verdict["in_transaction"] == "commits" and bool(lab.rows("SELECT 1 FROM partway_marker"))
    if verdict["in_transaction"] == "commits" and not ran:
        bench.prepare(case)
    repeat, first = _observe_repeat(lab, case, positions, ran)
    if repeat["repeat"] == "same" and first == before:
        bench.leave(case)
    return repeat | verdict


def _observe_transaction(lab: Lab, case: Case, before: Dump, positions: bool) -> dict[str, str]:
    verdict = _end_in_rollback(lab, case, before, positions, MARKER)
    if lab.dialect == "sqlite" and verdict["in_transaction"] == "rolls-back":
        # SQLite refuses PRAGMA journal_mode at the start of a transaction and ignores it after a write.
        verdict = _end_in_rollback(lab, case, before, positions, "SELECT 1")
    return verdict


def _end_in_rollback(lab: Lab, case: Case, before: Dump, positions: bool, first: str) -> dict[str, str]:
    with _session(lab, case) as session:
        session.run(begin(lab))
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
            if NO_TRANSACTION not in error.message:
                raise
    return {"in_transaction": "rolls-back" if lab.dump(positions) == before else "commits"}


def _observe_repeat(lab: Lab, case: Case, positions: bool, ran: bool) -> tuple[dict[str, str], Dump]:
    """The verdict and what the first run left."""
    if not ran:
        try:
            _run(lab, case)
        except SqlError as error:
            raise BrokenCase(f"{case.id}: the first run fails: {error}: {case.sql}") from error
    first = lab.dump(positions)
    if lab.dialect != "postgresql" and any(
        CLOCK.search(text) for text in (*case.statements, *case.setup[1:])
    ):
        time.sleep(1.1)
    try:
        _run(lab, case)
    except SqlError as error:
        return {"repeat": "fails", "error": error.code}, first
    return {"repeat": "same" if lab.dump(positions) == first else "changes"}, first


def begin(lab: Lab) -> str:
    """What opens a transaction; in MariaDB's Oracle mode BEGIN alone opens a block."""
    return "BEGIN" if lab.dialect in {"postgresql", "sqlite"} else "START TRANSACTION"


def _run(lab: Lab, case: Case) -> None:
    """Run the case in a session of its own, as a tool does that was started again; in a transaction if it needs one."""
    with _session(lab, case) as session:
        try:
            for statement in case.statements:
                session.run(statement)
        except SqlError as error:
            if error.code != NEEDS_TRANSACTION and NO_TRANSACTION not in error.message:
                raise
        else:
            return
    with _session(lab, case) as session:
        session.run(begin(lab))
        for statement in case.statements:
            session.run(statement)
        try:
            session.run("COMMIT")
        except SqlError as error:
            if NO_TRANSACTION not in error.message:  # the statement itself ended it
                raise


def _session(lab: Lab, case: Case) -> Session:
    session = lab.connect()
    for text in case.session:
        session.script(text)
    return session


def observe_all(lab: Lab) -> dict[str, dict[str, str]]:
    """The verdicts on every case that this server is meant to take; `BrokenCase` lists all that are wrong."""
    verdicts: dict[str, dict[str, str]] = {}
    broken = []
    bench = Workbench(lab)
    for case in load(lab.dialect, lab.server_version):
        try:
            verdicts[case.id] = observe(bench, case)
        except BrokenCase as error:
            broken.append(str(error))
    if broken:
        raise BrokenCase(f"{lab.name}:\n" + "\n".join(broken))
    return verdicts


def committed(engine: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Server version and verdicts that were observed on an engine and written to its file."""
    content = json.loads((OBSERVED / f"{engine}.json").read_text())
    return content["server_version"], content["verdicts"]


def observe_server(name: str, address: Address | None) -> tuple[str, dict[str, dict[str, str]]]:
    """Version and verdicts of a server that runs already; in a process of its own, so that engines go side by side."""
    lab = attach_lab(name, address)
    try:
        return lab.server_version, observe_all(lab)
    finally:
        lab.close()


def observe_servers(labs: Sequence[Lab]) -> dict[str, tuple[str, dict[str, dict[str, str]]] | BrokenCase]:
    """Observe several engines at the same time."""
    found: dict[str, tuple[str, dict[str, dict[str, str]]] | BrokenCase] = {}
    with ProcessPoolExecutor(len(labs), mp_context=get_context("spawn")) as pool:
        started = {lab.name: pool.submit(observe_server, lab.name, lab.address) for lab in labs}
        for name, future in started.items():
            try:
                found[name] = future.result()
            except BrokenCase as error:
                found[name] = error
    return found


def main(engines: list[str]) -> int:
    """Observe and write; 1 when a case is broken or an engine is missing."""
    failed = False
    labs = []
    for name in engines or ENGINES:
        try:
            labs.append(open_lab(name))
        except Unavailable as error:
            failed = True
            print(f"{name}: {error}", file=sys.stderr)
    for name, found in observe_servers(labs).items():
        if isinstance(found, BrokenCase):
            failed = True
            print(found, file=sys.stderr)
            continue
        content = {"server_version": found[0], "verdicts": dict(sorted(found[1].items()))}
        (OBSERVED / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
        print(f"{name}: {len(found[1])} statements")
    for lab in labs:
        lab.close()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
