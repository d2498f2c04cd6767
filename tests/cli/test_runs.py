"""What one run does: which files it reads, what it asks, what it takes from the cache, how it uses processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from partway.analysis import analyse
from partway.cli.main import main
from partway.cli.parallel import in_order
from tests.cli.helper import MYSQL, QUIET, partway, project


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARTWAY_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str]]:
    """Path and rule of each finding about idempotency."""
    capsys.readouterr()
    main(["lint", "--format", "json", "--select", "idempotency", *arguments])
    return [(one["path"], one["rule"]) for one in json.loads(capsys.readouterr().out)]


def paths(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    return list(dict.fromkeys(path for path, _ in found(capsys, "--dialect", "mysql", *arguments)))


# Which files ----------------------------------------------------------------------------------------------------------


def test_a_walk_leaves_out_what_is_not_the_projects(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(
        here,
        {
            "db/migrations/1.sql": MYSQL,
            "b/db/migrations/2.sql": MYSQL,
            "node_modules/x/db/migrations/3.sql": MYSQL,
            "vendor/db/migrations/3.sql": MYSQL,
            ".hidden/db/migrations/3.sql": MYSQL,
            "env/pyvenv.cfg": "",
            "env/db/migrations/3.sql": MYSQL,
            "target/classes/db/migrations/3.sql": MYSQL,
            "old/db/migrations/3.sql": MYSQL,
            "old/db/migrations/4.sql": MYSQL,
            ".gitignore": "# built\ntarget/\n/old/**/3.sql\n",
            "queries/report.sql": MYSQL,
        },
    )
    assert paths(capsys) == ["b/db/migrations/2.sql", "db/migrations/1.sql", "old/db/migrations/4.sql"]
    assert paths(capsys, ".") == paths(capsys)
    assert paths(capsys, "db", "b", "db/migrations/1.sql") == ["db/migrations/1.sql", "b/db/migrations/2.sql"]
    # What is named is read, whatever it is called.
    assert paths(capsys, "queries/report.sql") == ["queries/report.sql"]
    assert paths(capsys, "--force-exclude", "queries/report.sql", "db/migrations/1.sql") == [
        "db/migrations/1.sql"
    ]


def test_configuration_leaves_out_and_takes_in(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = 'exclude = ["db/old/"]\ninclude = ["queries/*.sql"]\n'
    files = ("db/migrations/1.sql", "db/old/migrations/2.sql", "queries/report.sql")
    project(here, {"partway.toml": config, **dict.fromkeys(files, MYSQL)})
    assert paths(capsys) == ["db/migrations/1.sql", "queries/report.sql"]
    assert paths(capsys, "db/old/migrations/2.sql") == ["db/old/migrations/2.sql"]
    assert paths(capsys, "--force-exclude", *files) == ["db/migrations/1.sql", "queries/report.sql"]


def test_an_absolute_path_is_shown_as_it_was_given(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(here, {"db/migrations/1.sql": MYSQL})
    assert paths(capsys, str(here)) == [str(here / "db/migrations/1.sql")]


def test_text_on_stdin_goes_by_its_name(here: Path) -> None:
    project(here, {"partway.toml": 'dialect = "mysql"'})
    done = partway("lint", "-", "--stdin-filename", "db/V1__a.sql", cwd=here, stdin=MYSQL.encode())
    assert done.stdout.startswith("db/V1__a.sql:1:1: ")
    assert partway("lint", "-", cwd=here, stdin=b"").returncode == 0


# What is asked --------------------------------------------------------------------------------------------------------


def test_rules_are_chosen_by_name_and_group(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(here, {"db/migrations/1.sql": MYSQL})
    path = "db/migrations/1.sql"
    mysql = ("--dialect", "mysql")
    assert found(capsys, *mysql) == [(path, "unguarded-create"), (path, "unguarded-add")]
    assert found(capsys, *mysql, "--ignore", "unguarded-add") == [(path, "unguarded-create")]
    assert found(capsys, *mysql, "--ignore", "idempotency,locking") == []
    assert main(["lint", *mysql, "--select", "locking", "--select", "syntax"]) == 0


def test_configuration_chooses_for_each_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = """
    [tool.partway]
    select = ["unguarded-create", "unguarded-add"]
    [tool.partway.per-file-ignores]
    "a/**" = ["unguarded-add"]
    [[tool.partway.overrides]]
    paths = ["b"]
    dialect = "postgresql"
    transaction = "per-migration"
    """
    files = dict.fromkeys(("a/migrations/1.sql", "b/migrations/1.sql"), MYSQL.replace(" ENGINE = InnoDB", ""))
    project(here, {"pyproject.toml": config, **files})
    capsys.readouterr()
    assert main(["lint", "--format", "json"]) == 1
    rules = [(one["path"], one["rule"]) for one in json.loads(capsys.readouterr().out)]
    assert rules == [("a/migrations/1.sql", "unguarded-create")]
    main(["lint", "--format", "json", "--transaction", "auto", "b"])
    assert len(json.loads(capsys.readouterr().out)) == 2


# The cache ------------------------------------------------------------------------------------------------------------


def test_a_second_run_says_the_same(here: Path) -> None:
    project(here, {f"db/migrations/{number}_x.sql": MYSQL for number in range(30)})
    first = partway("lint", "--dialect", "mysql", cwd=here)
    second = partway("lint", "--dialect", "mysql", cwd=here)
    fresh = partway("lint", "--dialect", "mysql", "--no-cache", "--jobs", "1", cwd=here)
    assert first.returncode == second.returncode == 1
    assert first.stdout == second.stdout == fresh.stdout


def test_a_second_run_imports_nothing_that_reads_sql(here: Path) -> None:
    project(here, {"db/migrations/1_x.sql": MYSQL})
    partway("lint", cwd=here)
    program = (
        "import sys; from partway.cli.main import main; main(['lint']); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=here, capture_output=True, text=True, check=True
    )
    imported = set(done.stderr.split())
    heavy = {
        "partway.sql",
        "partway.analysis",
        "partway.rules",
        "partway.project",
        "partway.dialects.dialect",
    }
    assert "db/migrations/1_x.sql:1:1" in done.stdout
    assert not imported & {*heavy, "dataclasses", "inspect", "logging", "sqlglot", "tomllib", "difflib"}


@pytest.mark.parametrize(
    "change",
    [
        {"db/migrations/1_x.sql": QUIET},
        {"partway.toml": 'ignore = ["idempotency"]'},
        {"partway.toml": '[per-file-ignores]\n"db" = ["idempotency"]'},
        {"db/migrations/1_x.sql": "-- partway: ignore-file\n" + MYSQL},
        {"flyway.conf": "flyway.url=jdbc:postgresql://localhost/x\n"},  # another database, with other facts
    ],
    ids=str,
)
def test_whatever_findings_follow_from_is_not_taken_from_the_cache(
    here: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str]
) -> None:
    text = MYSQL.replace(" ENGINE = InnoDB", "")
    project(here, {"db/migrations/1_x.sql": text, "flyway.conf": "flyway.url=jdbc:mysql://localhost/x\n"})
    before = _everything(capsys)
    assert before == _everything(capsys)
    assert before
    project(here, change)
    after = _everything(capsys)
    assert after != before
    assert after == _everything(capsys, "--no-cache")


def test_a_constraint_that_another_file_validates(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "ALTER TABLE a ADD CONSTRAINT a_positive CHECK (b > 0) NOT VALID;\n"
    project(here, {"db/migrations/1_x.sql": text, "partway.toml": 'dialect = "postgresql"'})
    rule = ("--select", "never-validated-constraint")
    assert len(_everything(capsys, *rule)) == 1
    project(here, {"db/migrations/2_y.sql": "ALTER TABLE a VALIDATE CONSTRAINT a_positive;\n"})
    assert _everything(capsys, *rule) == []
    (here / "db/migrations/2_y.sql").unlink()
    assert len(_everything(capsys, *rule)) == 1


def test_a_foreign_key_that_another_migration_validates_by_its_tables(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "class {} < ActiveRecord::Migration[8.0]\n  def change\n    {}\n  end\nend\n"
    added = text.format("A", "add_foreign_key :users, :orgs, column: :org_id, validate: false")
    project(here, {"db/migrate/1_a.rb": added, "partway.toml": 'dialect = "postgresql"'})
    rule = ("--select", "never-validated-constraint")
    project(here, {"db/migrate/2_b.rb": text.format("B", "validate_foreign_key :users, :teams")})
    assert len(_everything(capsys, *rule)) == 1
    project(here, {"db/migrate/2_b.rb": text.format("B", "validate_foreign_key :users, :orgs")})
    assert _everything(capsys, *rule) == []


def test_a_constraint_that_a_revision_validates_in_sql_of_capitals(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "from alembic import op\n\nrevision = '{0}'\ndown_revision = {1}\n\n\ndef upgrade():\n"
        "    op.execute('ALTER TABLE a {2}')\n\n\ndef downgrade():\n    pass\n"
    )
    added = text.format("1", None, "ADD CONSTRAINT a_positive CHECK (b > 0) NOT VALID")
    project(here, {"migrations/versions/1_x.py": added, "partway.toml": 'dialect = "postgresql"'})
    rule = ("--select", "never-validated-constraint")
    assert len(_everything(capsys, *rule)) == 1
    later = text.format("2", "'1'", "VALIDATE CONSTRAINT a_positive")
    project(here, {"migrations/versions/2_y.py": later})
    assert _everything(capsys, *rule) == []


def _everything(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[object]:
    capsys.readouterr()
    main(["lint", "--format", "json", *arguments])
    found: list[object] = json.loads(capsys.readouterr().out)
    return found


def test_what_several_processes_looked_at_is_remembered(here: Path) -> None:
    """On a first run each process finds out by itself what the project says of its files. What any of them looked at
    must count on the next: here the folder of each half of the files tells its own database."""
    halves = {"a": "postgresql", "b": "mysql2"}
    project(
        here,
        {f"{half}/config/database.yml": f"production:\n  adapter: {name}\n" for half, name in halves.items()},
    )
    calls = "    add_column :a, :b, :text\n    add_column :a, :c, :text\n"
    text = f"class C < ActiveRecord::Migration[7.1]\n  def change\n{calls}  end\nend\n"
    project(here, {f"{half}/db/migrate/{number}_c.rb": text for half in halves for number in range(1, 31)})
    first = partway("lint", "--jobs", "2", cwd=here)
    assert first.stdout.count("[unguarded-add]") == 60
    assert partway("lint", "--jobs", "2", cwd=here).stdout == first.stdout
    for half in halves:
        (here / f"{half}/config/database.yml").write_text("production:\n  adapter: mysql2\n  host: db\n")
    both = partway("lint", cwd=here)
    assert both.stdout == partway("lint", "--no-cache", cwd=here).stdout
    assert both.stdout.count("[unguarded-add]") == 120


def test_no_cache_leaves_no_trace(here: Path) -> None:
    project(here, {"db/migrations/1_x.sql": MYSQL})
    partway("lint", "--no-cache", cwd=here)
    assert not (here.parent / "cache").exists()
    partway("lint", "--cache-dir", here.parent / "other", cwd=here)
    assert [entry.suffix for entry in (here.parent / "other").iterdir()] == [".findings"]


def test_two_processes_at_once(here: Path) -> None:
    project(here, {f"db/migrations/{number}_x.sql": MYSQL for number in range(40)})
    command = [sys.executable, "-m", "partway", "lint", "--dialect", "mysql", "--statistics"]
    for _ in range(3):
        both = [
            subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(3)
        ]
        said = {one.communicate(timeout=60) for one in both}
        assert len(said) == 1
        assert next(iter(said))[1] == b""


# Processes ------------------------------------------------------------------------------------------------------------


def test_results_come_in_order_whoever_made_them() -> None:
    work = {number: f"{number}".encode() * (number % 7 * 5000) for number in range(300)}
    assert in_order(
        work.__getitem__, [range(at, at + 3) for at in range(0, 300, 3)], 4, lambda _: None
    ) == list(work.values())


def test_what_a_dead_process_did_not_deliver_is_done_again() -> None:
    parent = os.getpid()

    def work(number: int) -> bytes:
        if os.getpid() != parent and number == 5:
            os._exit(9)
        return str(number).encode()

    assert in_order(work, [range(at, at + 1) for at in range(50)], 3, lambda _: None) == [
        str(number).encode() for number in range(50)
    ]


def test_a_mistake_in_partway_is_told_with_the_path_and_stops_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = analyse

    def wrong(migration: object, *rest: object) -> object:
        if migration.source.path.endswith("1_x.sql"):  # type: ignore[attr-defined]  # the function it takes the place of, whatever it is given
            raise KeyError("oops")
        return right(migration, *rest)  # type: ignore[arg-type]  # the function it takes the place of, whatever it is given

    monkeypatch.setattr("partway.linting.analyse", wrong)
    project(here, {"db/migrations/1_x.sql": MYSQL, "db/migrations/2_y.sql": MYSQL})
    assert main(["lint"]) == 1
    shown = capsys.readouterr()
    assert "2_y.sql:1:1" in shown.out
    assert "1_x.sql: a mistake in Partway, please report it: KeyError: 'oops'" in shown.err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")
def test_an_interrupt_of_the_first_process_ends_all_at_once(here: Path) -> None:
    """While others still have a pipeful to hand over."""
    program = (
        "import os, sys, time\n"
        "from partway.cli.parallel import in_order\n"
        "parent = os.getpid()\n"
        "def work(number):\n"
        "    if os.getpid() == parent: print(number, flush=True); time.sleep(60)\n"
        "    return b'x' * 1_000_000\n"
        "in_order(work, [range(at, at + 1) for at in range(20)], 3, lambda _: None)\n"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as one:
        assert one.stdout is not None
        one.stdout.readline()
        time.sleep(0.3)
        one.send_signal(signal.SIGINT)
        # All who write to its pipes have to be gone for this to return.
        _, complaint = one.communicate(timeout=20)
    assert b"KeyboardInterrupt" in complaint
