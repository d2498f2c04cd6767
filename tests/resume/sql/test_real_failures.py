"""Migrations that fail for the reasons that migrations fail for: once the cause is mended, status names the point and
the resume migration completes them."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.engines.lab import Lab, SqlError, differences
from tests.engines.plugin import Labs
from tests.resume.sql.crash import ends_as, resumed
from tests.resume.sql.migrations import split

SETUP = """\
CREATE TABLE users (id int PRIMARY KEY, mail varchar(50), age bigint);
CREATE TABLE posts (id int PRIMARY KEY, user_id int);
INSERT INTO users VALUES (1, 'a', 20), (2, 'b', 30);
INSERT INTO posts VALUES (1, 1);
"""


def completes(lab: Lab, up: str, failing: int, spoil: str, mend: str, code: str, setting: str = "") -> None:
    """Run the migration until it fails with that code, mend the cause, resume, and compare with an undisturbed run."""
    statements = split(up, lab.name)
    lab.fresh()
    lab.script(SETUP)
    lab.script(spoil)
    with lab.connect() as session:
        if setting:
            session.run(setting)
        for statement in statements[:failing]:
            session.run(statement)
        with pytest.raises(SqlError) as caught:
            session.run(statements[failing])
    assert caught.value.code == code
    lab.script(mend)
    finishes(lab, up, failing)


def finishes(lab: Lab, up: str, failing: int) -> None:
    """What is half done in the lab's database is named, and completed."""
    found = resumed(lab, up)
    assert found.surveyed
    assert found.surveyed.standing
    point = found.surveyed.standing.point
    assert point is not None
    assert point.after < failing <= point.before
    lab.execute(*split(found.resumed.text, lab.name))
    ended = lab.dump()
    assert not ends_as(lab, found.resumed.text, ended, may_fail=True)
    lab.fresh()
    lab.script(SETUP)
    lab.execute(*split(up, lab.name))
    assert not [part for part in differences(lab.dump(), ended) if "rows" not in part]


UNIQUE = """\
ALTER TABLE users ADD COLUMN nick varchar(20);
CREATE UNIQUE INDEX users_mail ON users (mail);
CREATE INDEX users_age ON users (age);
"""
DUPLICATE = {
    "postgresql18": "23505",
    "mariadb": "1062",
    "mysql": "1062",
    "sqlite": "SQLITE_CONSTRAINT_UNIQUE",
}


@pytest.mark.parametrize("engine", DUPLICATE)
def test_duplicates_under_a_unique_index(engine: str, labs: Labs) -> None:
    spoil, mend = "UPDATE users SET mail = 'a'", "UPDATE users SET mail = 'b' WHERE id = 2"
    completes(labs(engine), UNIQUE, 1, spoil, mend, DUPLICATE[engine])


def test_duplicates_leave_an_invalid_index(labs: Labs) -> None:
    lab = labs("postgresql18")
    up = UNIQUE.replace("UNIQUE INDEX", "UNIQUE INDEX CONCURRENTLY")
    completes(lab, up, 1, "UPDATE users SET mail = 'a'", "UPDATE users SET mail = 'b' WHERE id = 2", "23505")


FOREIGN = """\
CREATE TABLE tags (id int PRIMARY KEY);
ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id);
CREATE INDEX tags_id ON tags (id);
"""


@pytest.mark.parametrize(
    ("engine", "code"), [("postgresql18", "23503"), ("mariadb", "1452"), ("mysql", "1452")]
)
def test_a_foreign_key_that_the_data_violate(engine: str, code: str, labs: Labs) -> None:
    completes(
        labs(engine), FOREIGN, 1, "INSERT INTO posts VALUES (2, 77)", "DELETE FROM posts WHERE id = 2", code
    )


def test_a_foreign_key_that_validation_refuses(labs: Labs) -> None:
    up = FOREIGN.replace(
        "users (id);", "users (id) NOT VALID;\nALTER TABLE posts VALIDATE CONSTRAINT posts_user;"
    )
    spoil = "INSERT INTO posts VALUES (2, 77)"
    completes(labs("postgresql18"), up, 2, spoil, "DELETE FROM posts WHERE id = 2", "23503")


CAST = """\
ALTER TABLE posts ADD COLUMN note text;
ALTER TABLE users {};
CREATE INDEX users_mail ON users (mail);
"""


@pytest.mark.parametrize(
    ("engine", "change", "code"),
    [
        ("postgresql18", "ALTER COLUMN age TYPE int", "22003"),
        ("mariadb", "MODIFY age int", "1264"),
        ("mysql", "MODIFY age int", "1264"),
    ],
)
def test_a_value_out_of_range(engine: str, change: str, code: str, labs: Labs) -> None:
    spoil, mend = "UPDATE users SET age = 5000000000 WHERE id = 2", "UPDATE users SET age = 30 WHERE id = 2"
    completes(labs(engine), CAST.format(change), 1, spoil, mend, code)


@contextmanager
def held(lab: Lab, table: str) -> Iterator[None]:
    """While another session holds a lock on the table."""
    with lab.connect() as holder:
        holder.run("BEGIN")
        holder.run(f"SELECT * FROM {table}")
        yield
        holder.run("ROLLBACK")


ADDING = """\
CREATE TABLE tags (id int PRIMARY KEY);
ALTER TABLE users ADD COLUMN nick varchar(20);
CREATE INDEX users_nick ON users (nick);
"""


@pytest.mark.parametrize(
    ("engine", "setting", "code"),
    [
        ("postgresql18", "SET lock_timeout = '100ms'", "55P03"),
        ("postgresql18", "SET statement_timeout = '200ms'", "57014"),
        ("mariadb", "SET SESSION lock_wait_timeout = 1", "1205"),
        ("mysql", "SET SESSION lock_wait_timeout = 1", "1205"),
    ],
)
def test_a_lock_that_somebody_holds(engine: str, setting: str, code: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script(SETUP)
    statements = split(ADDING, engine)
    with held(lab, "users"), lab.connect() as session:
        session.run(setting)
        session.run(statements[0])
        with pytest.raises(SqlError) as caught:
            session.run(statements[1])
    assert caught.value.code == code
    finishes(lab, ADDING, 1)


@pytest.mark.parametrize("engine", ["postgresql18", "mariadb", "mysql"])
def test_a_connection_that_is_killed(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script(SETUP)
    statements = split(ADDING, engine)
    own, kill = ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})")
    if lab.dialect != "postgresql":
        own, kill = "SELECT CONNECTION_ID()", "KILL {}"
    victim = lab.connect()
    number = victim.run(own)[0][0]
    victim.run(statements[0])

    def last() -> None:
        with suppress(SqlError):
            victim.run(statements[1])

    with held(lab, "users"):
        thread = threading.Thread(target=last)
        thread.start()
        time.sleep(0.3)
        assert thread.is_alive()
        lab.execute(kill.format(number))
        thread.join(10)
    with suppress(Exception):
        victim.close()
    finishes(lab, ADDING, 1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that holds next to nothing."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("a file system can be mounted by root alone")
    # Where the server, another user, can get at it.
    folder = Path("/var/tmp") / f"partway-small-disk-{os.getpid()}"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", str(folder)], capture_output=True
    )
    if done.returncode != 0:
        folder.rmdir()
        pytest.skip(f"mount: {done.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def test_a_full_disk(labs: Labs, small_disk: Path) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    place = small_disk / "space"
    place.mkdir()
    owner = Path(str(lab.rows("SHOW data_directory")[0][0])).stat()
    os.chown(place, owner.st_uid, owner.st_gid)
    lab.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
    setup = f"{SETUP}INSERT INTO users SELECT n, md5(n::text), n FROM generate_series(10, 40000) AS n;\n"
    up = """\
ALTER TABLE users ADD COLUMN nick varchar(20);
CREATE INDEX users_mail ON users (mail) TABLESPACE small;
CREATE INDEX users_age ON users (age);
"""
    statements = split(up, "postgresql18")
    lab.script(setup)
    lab.execute(statements[0])
    with pytest.raises(SqlError) as caught:
        lab.execute(statements[1])
    assert caught.value.code == "53100"  # disk_full
    lab.execute("DELETE FROM users WHERE id > 9", "VACUUM users")
    found = resumed(lab, up)
    lab.execute(*split(found.resumed.text, lab.name))
    indexes = "SELECT indexname::text FROM pg_indexes WHERE tablename = 'users' ORDER BY 1"
    assert lab.rows(indexes) == [("users_age",), ("users_mail",), ("users_pkey",)]
    lab.fresh()
