"""The harness itself: an empty database is empty, a dump sees a change, a transaction ends as told."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.engines.lab import Lab, SqlError, differences
from tests.engines.plugin import Labs
from tests.engines.servers import ENGINES

TABLE = "CREATE TABLE things (id int PRIMARY KEY, name varchar(20))"


def test_fresh_is_empty_again(lab: Lab) -> None:
    empty = lab.dump(positions=True)
    lab.execute(TABLE, "INSERT INTO things VALUES (1, 'x')")
    assert lab.dump() != empty
    lab.fresh()
    assert lab.dump(positions=True) == empty


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO things VALUES (2, 'y')",
        "UPDATE things SET name = 'z'",
        "ALTER TABLE things ADD COLUMN extra int",
        "CREATE INDEX things_name ON things (name)",
        "CREATE VIEW names AS SELECT name FROM things",
        "DROP TABLE things",
    ],
)
def test_dump_sees_the_change_and_only_that(lab: Lab, change: str) -> None:
    lab.execute(TABLE, "INSERT INTO things VALUES (1, 'x')")
    before = lab.dump()
    assert lab.dump() == before
    lab.execute(change)
    assert differences(before, lab.dump())


def test_transaction_ends_as_told(lab: Lab) -> None:
    lab.execute(TABLE)
    lab.in_transaction("INSERT INTO things VALUES (1, 'x')", ending="rollback")
    assert lab.rows("SELECT id FROM things") == []
    lab.in_transaction("INSERT INTO things VALUES (1, 'x')")
    assert [tuple(row) for row in lab.rows("SELECT id FROM things")] == [(1,)]


def test_failing_statement_keeps_its_code(lab: Lab) -> None:
    with pytest.raises(SqlError) as caught:
        lab.execute("SELECT * FROM nothing_of_that_name")
    assert caught.value.code in {"42P01", "1146", "SQLITE_ERROR"}


@pytest.mark.parametrize("name", [name for name, engine in ENGINES.items() if engine.start])
def test_server_ends_with_its_interpreter(name: str, labs: Labs, repository: Path) -> None:
    labs(name)
    program = (
        "import os, signal; from tests.engines.servers import ENGINES;"
        f" address, server = ENGINES['{name}'].start(); print(server.scratch, flush=True);"
        " os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=repository, capture_output=True, text=True, timeout=120
    )
    scratch = Path(done.stdout.strip())
    assert scratch.name.startswith("partway-")
    for _ in range(200):
        if not list(scratch.glob("*")):
            return
        time.sleep(0.1)
    pytest.fail(f"{scratch} is still there")
