"""`partway resume` as people run it: what it writes and says, and what it refuses."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.helper import partway, project
from tests.engines.plugin import Labs

SECRET = "hush-Zk41!"
NAME = "20260215_add_user_roles"
FILE = f"migrations/{NAME}.sql"
RESUME = f"migrations/{NAME}_resume.sql"
SQL = """\
CREATE TABLE roles (id int PRIMARY KEY);
ALTER TABLE users ADD COLUMN role_id int;
CREATE INDEX idx_users_role ON users (role_id);
ALTER TABLE users ADD COLUMN note text;
"""
DATA = "ALTER TABLE users ADD COLUMN n int;\nUPDATE users SET id = id * 100;\nALTER TABLE users ADD COLUMN m int;\n"
DEV = ("--database", "sqlite:///dev.db")


def made(folder: Path, sql: str = SQL, ran: int = 1, file: str = FILE) -> Path:
    """A project with one migration, and a database on which its first statements have run."""
    project(folder, {file: sql})
    with sqlite3.connect(folder / "dev.db") as database:
        database.executescript("CREATE TABLE users (id int);" + "".join(sql.splitlines(keepends=True)[:ran]))
    database.close()
    return folder


def test_it_is_written_beside_the_migration(tmp_path: Path) -> None:
    folder = made(tmp_path)
    done = partway("resume", FILE, *DEV, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (
        done.stdout.splitlines()[0]
        == f"{NAME} created table roles and stopped before adding column users.role_id"
    )
    assert f"wrote {RESUME}" in done.stdout
    text = (folder / RESUME).read_text()
    assert f"-- Finishes {NAME}.sql, which stopped half way." in text
    with sqlite3.connect(folder / "dev.db") as database:
        database.executescript(text)
        columns = [row[1] for row in database.execute("PRAGMA table_info(users)")]
    database.close()
    assert columns == ["id", "role_id", "note"]
    again = partway("status", FILE, *DEV, cwd=folder)
    assert "is applied in full" in again.stdout


@pytest.mark.parametrize("options", [(), ("--back",)])
def test_nothing_of_this_machine_is_written(options: tuple[str, ...], tmp_path: Path) -> None:
    folder = made(tmp_path)
    done = partway(
        "resume", FILE, "--database", f"sqlite:///{folder}/dev.db", *options, "-o", "-", cwd=folder
    )
    assert done.returncode == 0, done.stderr
    assert " UTC, dev.db: " in done.stdout
    assert str(folder) not in done.stdout


def test_output(tmp_path: Path) -> None:
    folder = made(tmp_path)
    assert partway("resume", FILE, *DEV, "-o", "deep/finish.sql", cwd=folder).returncode == 0
    text = (folder / "deep/finish.sql").read_text()
    done = partway("resume", FILE, *DEV, "-o", "-", cwd=folder)
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if " UTC, " not in line] == [
        line for line in text.splitlines() if " UTC, " not in line
    ]
    assert not (folder / RESUME).exists()


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / RESUME).write_text("mine")
    done = partway("resume", FILE, *DEV, cwd=folder)
    assert done.returncode == 2
    assert f"{RESUME} is there already" in done.stderr
    assert (folder / RESUME).read_text() == "mine"


def test_without_a_database(tmp_path: Path) -> None:
    folder = made(tmp_path)
    done = partway("resume", FILE, "--dialect", "postgresql", "-o", "-", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("IF NOT EXISTS") >= 4
    done = partway("resume", FILE, "--dialect", "sqlite", "--applied", "1", "-o", "-", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "CREATE TABLE roles" not in done.stdout
    assert "ADD COLUMN role_id" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--applied", "9"), "of which 9 cannot have run"),
        (("--applied", "-1"), "of which -1 cannot have run"),
        ((*DEV, "--assume-applied", "7"), "there is no operation 7"),
    ],
)
def test_numbers_that_there_are_not(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = partway("resume", FILE, "--dialect", "sqlite", *arguments, cwd=made(tmp_path))
    assert done.returncode == 1
    assert said in done.stderr
    assert not (tmp_path / RESUME).exists()


def test_a_data_change_needs_a_word(tmp_path: Path) -> None:
    folder = made(tmp_path, DATA)
    done = partway("resume", FILE, *DEV, cwd=folder)
    assert done.returncode == 1
    assert "whether operation 1, update users, ran shows nowhere" in done.stderr
    assert "--assume-applied 1" in done.stderr
    done = partway("resume", FILE, *DEV, "--assume-applied", "1", "-o", "-", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "id * 100" not in done.stdout
    done = partway("resume", FILE, *DEV, "--assume-pending", "1", "-o", "-", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "id * 100" in done.stdout


@pytest.mark.parametrize(("ran", "said"), [(0, "nothing of it is there"), (4, "all of it is there")])
def test_nothing_to_resume(ran: int, said: str, tmp_path: Path) -> None:
    done = partway("resume", FILE, *DEV, cwd=made(tmp_path, ran=ran))
    assert done.returncode == 1
    assert f"nothing to resume: {said}" in done.stderr


def test_something_else_of_that_name(tmp_path: Path) -> None:
    folder = made(tmp_path)
    with sqlite3.connect(folder / "dev.db") as database:
        database.execute("CREATE INDEX idx_users_role ON roles (id)")
    database.close()
    done = partway("resume", FILE, *DEV, cwd=folder)
    assert done.returncode == 1
    assert "idx_users_role" in done.stderr


@pytest.mark.parametrize("file", ["migrations", "migrations/none.sql", "readme.txt"])
def test_what_is_no_migration(file: str, tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "readme.txt").write_text("hello")
    done = partway("resume", file, *DEV, cwd=folder)
    assert done.returncode in (1, 2)
    assert done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    "text", [b"\xff\xfe\x00\x01binary\x00", b"CREATE TABLE (((", b"", b"ALTER TABLE users ADD"]
)
def test_text_that_cannot_be_read(text: bytes, tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / FILE).write_bytes(text)
    done = partway("resume", FILE, *DEV, cwd=folder)
    assert done.returncode == 1, done.stdout
    assert done.stderr


def test_a_thousand_operations(tmp_path: Path) -> None:
    """Every operation has a world and facts of its own; what grows with the square of their number shows here."""
    sql = "".join(
        f"CREATE TABLE t_{n} (id int PRIMARY KEY, name text);\nCREATE INDEX t_{n}_name ON t_{n} (name);\n"
        for n in range(500)
    )
    folder = made(tmp_path, sql, ran=701)
    done = partway("resume", FILE, *DEV, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "stopped before creating index t_350_name" in done.stdout
    with sqlite3.connect(folder / "dev.db") as database:
        database.executescript((folder / RESUME).read_text())
    database.close()
    assert "is applied in full" in partway("status", FILE, *DEV, cwd=folder).stdout


def test_more_operations_than_can_be_told_apart(tmp_path: Path) -> None:
    folder = made(tmp_path, "".join(f"CREATE TABLE t_{n} (id int);\n" for n in range(10_001)), ran=0)
    done = partway("resume", FILE, "--dialect", "sqlite", "--applied", "3", cwd=folder)
    assert done.returncode == 1
    assert "the migration has 10,001 operations" in done.stderr + done.stdout
    assert not (folder / RESUME).exists()


def test_hostile_names(tmp_path: Path) -> None:
    table = 'it\'s \\ a "table"; DROP TABLE users; --'
    quoted = '"' + table.replace('"', '""') + '"'
    sql = f'CREATE TABLE {quoted} (id int);\nALTER TABLE {quoted} ADD COLUMN "c\'" int;\n'
    file = "migrations/1 $(touch here) 'x'.sql"
    folder = made(tmp_path, sql, file=file)
    done = partway("resume", file, *DEV, cwd=folder)
    assert done.returncode == 0, done.stderr
    (written,) = (folder / "migrations").glob("*_resume.sql")
    with sqlite3.connect(folder / "dev.db") as database:
        database.executescript(written.read_text())
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({quoted})")]
        database.execute("SELECT * FROM users")
    database.close()
    assert columns == ["id", "c'"]


def test_no_password_is_shown(tmp_path: Path) -> None:
    folder = made(tmp_path)
    url = f"postgresql://me:{SECRET}@127.0.0.1:1/none"
    done = partway("resume", FILE, "--database", url, cwd=folder)
    assert done.returncode == 2
    assert SECRET not in done.stdout + done.stderr
    done = partway("resume", FILE, "--database", url, "--applied", "1", cwd=folder)
    assert done.returncode == 2
    assert SECRET not in done.stdout + done.stderr


def test_the_real_psql_runs_it(labs: Labs, tmp_path: Path) -> None:
    lab = labs("postgresql18")
    if shutil.which("psql") is None:
        pytest.skip("psql is not there")
    project(tmp_path, {FILE: SQL})
    lab.fresh()
    lab.execute("CREATE TABLE users (id int)", *SQL.splitlines()[:2])
    done = partway("resume", FILE, "--database", lab.url, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for _ in range(2):
        run = subprocess.run(
            ["psql", "-v", "ON_ERROR_STOP=1", "-q", "-f", RESUME, lab.url],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
    assert partway("status", FILE, "--database", lab.url, cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_the_real_mariadb_runs_it(engine: str, labs: Labs, tmp_path: Path) -> None:
    lab = labs(engine)
    client = shutil.which("mariadb") or shutil.which("mysql")
    if client is None:
        pytest.skip("mariadb is not there")
    trigger = "CREATE TRIGGER tr BEFORE INSERT ON roles FOR EACH ROW BEGIN SET NEW.id = 1; END"
    sql = f"{SQL}DELIMITER //\n{trigger}//\nDELIMITER ;\n"
    project(tmp_path, {FILE: sql})
    lab.fresh()
    lab.execute("CREATE TABLE users (id int)", *SQL.splitlines()[:2])
    done = partway("resume", FILE, "--dialect", engine, "--database", lab.url, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert lab.address
    words = [
        client,
        "-h",
        lab.address.host,
        "-P",
        str(lab.address.port),
        "-u",
        lab.address.user,
        "partway_lab",
    ]
    for _ in range(2):
        with (tmp_path / RESUME).open() as text:
            run = subprocess.run([*words, "--skip-ssl"], stdin=text, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
    asked = partway("status", FILE, "--dialect", engine, "--database", lab.url, cwd=tmp_path)
    assert "is applied in full" in asked.stdout, asked.stdout + asked.stderr


def test_the_real_sqlite3_runs_it(tmp_path: Path) -> None:
    if shutil.which("sqlite3") is None:
        pytest.skip("sqlite3 is not there")
    folder = made(tmp_path)
    assert partway("resume", FILE, *DEV, cwd=folder).returncode == 0
    with (folder / RESUME).open() as text:
        run = subprocess.run(
            ["sqlite3", "-bail", "dev.db"], cwd=folder, stdin=text, capture_output=True, text=True
        )
    assert run.returncode == 0, run.stderr
    assert "is applied in full" in partway("status", FILE, *DEV, cwd=folder).stdout
