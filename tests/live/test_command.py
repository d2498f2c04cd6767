"""`partway status` as people and scripts run it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.helper import partway, project
from tests.engines.lab import SqlError
from tests.engines.plugin import Labs

SECRET = "hush-Zk41!"
NAME = "20260215_add_user_roles"
SQL = """CREATE TABLE roles (id int PRIMARY KEY);
ALTER TABLE users ADD COLUMN role_id int;
CREATE INDEX idx_users_role ON users (role_id);
ALTER TABLE users ADD COLUMN note text;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with one migration, and a database that has only got as far as its first operation."""
    files = {f"migrations/{NAME}.sql": SQL, "partway.toml": '[databases]\ndev = "env:DEV_URL"\n'}
    path = project(tmp_path, files)
    with sqlite3.connect(path / "dev.db") as database:
        database.executescript("CREATE TABLE users (id int);" + SQL.partition("\n")[0])
    database.close()
    return path


DEV = {"DEV_URL": "sqlite:///dev.db"}


def test_half_way(folder: Path) -> None:
    done = partway("status", f"migrations/{NAME}.sql", "--database", "dev", cwd=folder, env=DEV)
    assert done.returncode == 1, done.stderr
    first, second = done.stdout.splitlines()[:2]
    assert first == f"{NAME} created table roles and stopped before adding column users.role_id"
    assert second == f"migrations/{NAME}.sql on dev"
    states = [line.split()[1] for line in done.stdout.splitlines()[2:] if line[:3].strip().isdigit()]
    assert states == ["applied", "pending", "pending", "pending"]


def test_json(folder: Path) -> None:
    run = partway(
        "status", f"migrations/{NAME}.sql", "--database", "dev", "--format", "json", cwd=folder, env=DEV
    )
    (document,) = json.loads(run.stdout)
    assert document["failure_point"] == {"after": 0, "before": 1}
    assert document["half_way"] is True
    assert document["dialect"] == "sqlite"
    assert [one["state"] for one in document["operations"]] == ["applied", "pending", "pending", "pending"]
    assert all(one["reason"] for one in document["operations"])
    inspected = partway(
        "inspect", f"migrations/{NAME}.sql", "--dialect", "sqlite", "--format", "json", cwd=folder
    )
    (plain,) = json.loads(inspected.stdout)
    assert set(plain) <= set(document)
    assert set(plain["operations"][0]) <= set(document["operations"][0])


def test_each_query_can_be_run_as_it_stands(folder: Path) -> None:
    run = partway(
        "status", f"migrations/{NAME}.sql", "--database", "dev", "--format", "json", cwd=folder, env=DEV
    )
    (document,) = json.loads(run.stdout)
    with sqlite3.connect(folder / "dev.db") as database:
        shown = [database.execute(one["query"]).fetchone()[0] for one in document["operations"]]
    database.close()
    assert shown == [1, 0, 0, 0]


@pytest.mark.parametrize(("ran", "code", "word"), [(0, 0, "has not begun"), (4, 0, "is applied in full")])
def test_nothing_half_way(ran: int, code: int, word: str, folder: Path) -> None:
    statements = SQL.splitlines()[:ran]
    with sqlite3.connect(folder / "other.db") as database:
        database.executescript("CREATE TABLE users (id int);" + "".join(statements))
    database.close()
    done = partway("status", f"migrations/{NAME}.sql", "--database", "sqlite:///other.db", cwd=folder)
    assert done.returncode == code
    assert word in done.stdout


def test_it_could_not_tell(folder: Path) -> None:
    (folder / "rows.sql").write_text("UPDATE users SET id = 1;\n")
    done = partway("status", "rows.sql", "--database", "sqlite:///dev.db", cwd=folder)
    assert done.returncode == 2
    assert "cannot be told" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "which database? Give --database: one of dev"),
        (("--database", "dve"), "did you mean `dev`?"),
        (("--database", "dev"), "DEV_URL is not set"),
        (("--database", "sqlite:///missing.db"), "there is no file"),
        (("--database", f"postgres://u:{SECRET}@127.0.0.1:1/d"), "nothing listens at 127.0.0.1:1"),
        (("--database", f"oracle://u:{SECRET}@h/d"), "is not a database that can be asked"),
    ],
)
def test_one_line_and_two_when_it_cannot_be_asked(
    arguments: tuple[str, ...], word: str, folder: Path
) -> None:
    done = partway("status", f"migrations/{NAME}.sql", *arguments, cwd=folder)
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert SECRET not in done.stderr + done.stdout
    assert done.stdout == ""


@pytest.mark.parametrize("engine", ["postgresql18", "mysql", "mariadb"])
def test_a_marked_password_is_shown_nowhere(engine: str, labs: Labs, folder: Path) -> None:
    """A run against a real server, with all that Python and the drivers would log, right and wrong password."""
    lab = labs(engine)
    lab.fresh()
    own = "reader" if lab.dialect == "postgresql" else "reader@'%'"
    lab.script("CREATE TABLE users (id int)")
    if lab.dialect == "postgresql":
        lab.script(f"CREATE ROLE reader LOGIN PASSWORD '{SECRET}'")
    else:
        lab.script(f"CREATE USER {own} IDENTIFIED BY '{SECRET}'; GRANT SELECT ON partway_lab.* TO {own}")
    assert lab.address is not None
    scheme = "postgresql" if lab.dialect == "postgresql" else "mysql"
    url = f"{scheme}://reader:{SECRET}@{lab.address.host}:{lab.address.port}/partway_lab"
    noisy = {"PYTHONWARNINGS": "always", "PYTHONASYNCIODEBUG": "1", "DEV_URL": url, "SQLALCHEMY_WARN_20": "1"}
    for database in ("dev", "dev-wrong"):
        (folder / "partway.toml").write_text(f'[databases]\n{database} = "env:DEV_URL"\n')
        environment = noisy if database == "dev" else noisy | {"DEV_URL": url.replace("reader", "nobody")}
        for style in ("text", "json"):
            done = partway(
                "status",
                f"migrations/{NAME}.sql",
                "--database",
                database,
                "--format",
                style,
                cwd=folder,
                env=environment,
            )
            assert SECRET not in done.stdout + done.stderr
            assert done.returncode in (0, 2), done.stderr
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in path.read_bytes() for path in written)


@pytest.mark.parametrize("engine", ["postgresql18", "mysql", "mariadb", "sqlite"])
def test_on_each_engine(engine: str, labs: Labs, folder: Path) -> None:
    lab = labs(engine)
    lab.fresh()
    lab.script("CREATE TABLE users (id int, note int)")
    with pytest.raises(SqlError):
        lab.execute(*SQL.strip().splitlines())
    done = partway("status", f"migrations/{NAME}.sql", "--database", lab.url, cwd=folder)
    assert done.returncode == 1, done.stderr
    sentence = done.stdout.splitlines()[0]
    assert sentence.startswith(
        f"{NAME} applied 3 of 4 operations, the last of which created index idx_users_role,"
    )
    assert "stopped before adding column users.note" in sentence
    assert "wanted: type text" in done.stdout
    assert "found:  type int" in done.stdout.lower()
