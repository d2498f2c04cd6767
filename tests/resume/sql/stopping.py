"""Stops a migration: by an error, or by ending its session in the middle of a statement that waits for a lock."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from tests.engines.lab import Lab, Session, SqlError
from tests.engines.sqlite import SqliteLab

#: What is not there, so that the statement fails.
FAILS = "SELECT * FROM partway_stops_here"
#: Nothing that is made or changed on PostgreSQL does without one of these.
_CATALOGS = (
    "pg_class, pg_attribute, pg_type, pg_proc, pg_depend, pg_enum, pg_constraint, pg_trigger, pg_description"
)
_TABLES_OF_POSTGRESQL = (
    "SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
)
_LONGEST_WAIT = 5.0

_SQLITE_CHILD = """
import json, sqlite3, sys, time
path, before, last = json.loads(sys.argv[1])
session = sqlite3.connect(path, isolation_level=None)
session.execute("PRAGMA cache_size = 1")
for statement in before:
    session.execute(statement)
if not session.in_transaction:
    session.execute("BEGIN")
session.execute(last)
if session.in_transaction:
    print("in the middle", flush=True)
    time.sleep(60)
"""


def by_error(lab: Lab, statements: Sequence[str], count: int) -> bool:
    """Run the first `count` statements in one session, and then one that fails. True where that worked."""
    with lab.connect() as session:
        for statement in statements[:count]:
            session.run(statement)
        try:
            session.run(FAILS)
        except SqlError:
            return True
    raise AssertionError("it did not stop")


def by_kill(lab: Lab, statements: Sequence[str], count: int) -> bool:
    """Run the first `count` statements in one session, and end it in the middle of the next. False where that one
    waits for nobody, so that it went through."""
    if isinstance(lab, SqliteLab):
        return _kill_process(lab, statements, count)
    if lab.dialect == "postgresql":
        return _kill_waiting(lab, statements, count, _hold_postgresql, _waits_on_postgresql)
    return _kill_waiting(lab, statements, count, _hold_mysql, _waits_on_mysql)


def _kill_process(lab: SqliteLab, statements: Sequence[str], count: int) -> bool:
    """A process with a transaction that it never commits: its journal is left, hot, beside the database."""
    told = json.dumps([str(lab.path), [*statements[:count]], statements[count]])
    child = subprocess.Popen([sys.executable, "-c", _SQLITE_CHILD, told], stdout=subprocess.PIPE)
    assert child.stdout
    began = child.stdout.readline().startswith(b"in the middle")
    child.kill()
    child.wait()
    child.stdout.close()
    # A session that only reads cannot roll back what the process left, and says so: whoever looks opens it once.
    lab.rows("SELECT COUNT(*) FROM sqlite_master")
    return began


def _kill_waiting(
    lab: Lab,
    statements: Sequence[str],
    count: int,
    hold: Callable[[Session, str], None],
    waits: Callable[[Session, int], bool],
) -> bool:
    own = "SELECT pg_backend_pid()" if lab.dialect == "postgresql" else "SELECT CONNECTION_ID()"
    with lab.connect() as holder, lab.connect() as watcher:
        victim = lab.connect()
        for statement in statements[:count]:
            victim.run(statement)
        number = int(str(victim.run(own)[0][0]))
        try:
            hold(holder, statements[count])
        except SqlError:
            victim.close()  # it holds what the other one would hold: there is nothing to wait for
            return False
        failed: list[SqlError] = []

        def last() -> None:
            try:
                victim.run(statements[count])
            except SqlError as error:
                failed.append(error)

        thread = threading.Thread(target=last)
        thread.start()
        end = time.monotonic() + _LONGEST_WAIT
        while thread.is_alive() and time.monotonic() < end and not waits(watcher, number):
            time.sleep(0.005)
        kill = f"SELECT pg_terminate_backend({number})" if lab.dialect == "postgresql" else f"KILL {number}"
        if thread.is_alive():
            watcher.run(kill)
        thread.join(1)
        if thread.is_alive():
            with suppress(SqlError):
                holder.run("ROLLBACK")
            thread.join(_LONGEST_WAIT)
        assert not thread.is_alive()
        with suppress(Exception):
            victim.close()
        while time.monotonic() < end and watcher.run(_SESSION[lab.dialect].format(number)):
            time.sleep(0.005)  # the server may still be busy with it
        return bool(failed)


#: Whether a session is still there, by its number.
_SESSION = {
    "postgresql": "SELECT 1 FROM pg_stat_activity WHERE pid = {}",
    "mysql": "SELECT 1 FROM information_schema.processlist WHERE id = {}",
    "mariadb": "SELECT 1 FROM information_schema.processlist WHERE id = {}",
}


def _hold_postgresql(holder: Session, statement: str) -> None:
    holder.run("BEGIN")
    tables = [str(name) for (name,) in holder.run(_TABLES_OF_POSTGRESQL)]
    if "CONCURRENTLY" in statement.upper():
        # It waits for whoever writes, when its index is there already, and is INVALID.
        if tables:
            holder.run(f"LOCK TABLE {', '.join(tables)} IN ROW EXCLUSIVE MODE")
        return
    holder.run(f"LOCK TABLE {', '.join([_CATALOGS, *tables])} IN SHARE MODE")


def _waits_on_postgresql(watcher: Session, number: int) -> bool:
    return bool(
        watcher.run(f"SELECT 1 FROM pg_stat_activity WHERE pid = {number} AND wait_event_type = 'Lock'")
    )


def _hold_mysql(holder: Session, statement: str) -> None:
    if statement.lstrip().upper().startswith("ALTER"):
        # It makes a copy, and waits for whoever reads before it takes the copy's place.
        holder.run("START TRANSACTION")
        for (name,) in holder.run("SHOW TABLES"):
            with suppress(SqlError):
                holder.run(f"SELECT 1 FROM `{str(name).replace('`', '``')}` LIMIT 1")
        return
    holder.run("FLUSH TABLES WITH READ LOCK")


def _waits_on_mysql(watcher: Session, number: int) -> bool:
    return bool(
        watcher.run(
            f"SELECT 1 FROM information_schema.processlist WHERE id = {number} AND state LIKE 'Waiting for%'"
        )
    )
