"""Whole projects that real tools have run: the one that is half applied is named, and what is well is no alarm."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from partway.live.sessions.session import Row, Session
from tests.engines.plugin import Labs
from tests.history.conftest import RealTools
from tests.history.tools import Migrations
from tests.runners.django.runner import DjangoProject
from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, migration
from tests.runners.runner import Fault, Runner
from tests.status.conftest import Status
from tests.status.migrations import RAILS_BASE
from tests.status.test_failure_points import ENGINES, MAKING

#: What comes and goes over the years: nothing of it is missing in the end.
YEARS = dict(
    [
        migration("1_base", RAILS_BASE),
        migration("2_one", "create_table(:one) { |t| t.string :a; t.integer :b }\nadd_index :one, :a"),
        migration(
            "3_two", "rename_column :one, :a, :c\nadd_column :one, :d, :string\nremove_column :one, :b"
        ),
        migration("4_three", "rename_table :one, :uno\nremove_index :users, name: 'by_name'"),
        migration("5_four", "drop_table :old_things\ncreate_table(:old_things) { |t| t.string :other }"),
        migration("6_five", "drop_table :uno\nchange_column_null :users, :name, false, 'x'"),
    ]
)
OPTED_OUT = ("create_table(:roles) { |t| t.string :name }", "add_column :users, :role_id, :bigint")


def rails_project(*later: tuple[str, str]) -> RailsProject:
    """The years, and what is added; on PostgreSQL and SQLite outside a transaction."""
    files = {**YEARS, **dict(later)}
    return RailsProject(
        files={
            name: text.replace("  def up", "  disable_ddl_transaction!\n  def up")
            for name, text in files.items()
        }
    )


def written(runner: Runner[Any], folder: Path) -> Path:
    """The project on disk, as the command finds it."""
    (folder / ".git").mkdir(exist_ok=True)
    runner.write(runner.project, folder)
    return folder


@pytest.mark.parametrize("engine", ENGINES)
def test_what_later_migrations_changed_is_not_missing(
    engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    rails = runners.rails(engine)
    rails.load(rails_project())
    assert rails.migrate().ok
    said = status(written(rails, tmp_path), rails.lab.url)
    assert said.code == 0, said.verdicts()
    assert set(said.verdicts().values()) == {"complete"}
    for name in YEARS:
        alone = status(tmp_path / "db" / "migrate" / name, rails.lab.url)
        assert alone.code == 0, alone.documents[0]["sentence"]
        assert alone.documents[0]["history"]["verdict"] == "complete"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_half_applied_one_among_pending_ones(
    engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    rails = runners.rails(engine)
    failing = migration("7_roles", "\n".join(OPTED_OUT))
    # The pending ones want what is so already, or was never otherwise: that does not make them applied.
    pending = (
        migration("8_gone", "drop_table :roles_of_old, if_exists: true\nadd_column :roles, :size, :integer"),
        migration("9_there", "create_table :users, if_not_exists: true\nadd_column :users, :size, :integer"),
        migration("10_data", "execute 'UPDATE users SET name = 1'"),
    )
    rails.load(rails_project(failing, *pending))
    for name in YEARS:
        assert rails.up(name).ok
    folder = written(rails, tmp_path)
    assert status(folder, rails.lab.url).code == 0
    assert not rails.migrate(Fault(after=1)).ok
    said = status(folder, rails.lab.url)
    assert said.code == 1
    assert said.verdicts() == {
        **dict.fromkeys((Path(name).stem for name in YEARS), "complete"),
        "7_roles": "half-way",
        **dict.fromkeys(("8_gone", "9_there", "10_data"), "pending"),
    }
    found = said.of("7_roles")
    assert found["failure_point"] == {"after": 0, "before": 1}
    assert found["sentence"] == (
        "7_roles: not recorded, 1 of 2 operations applied: it failed half way; "
        "it created table roles and stopped before adding column users.role_id"
    )
    assert [one["path"] for one in said.documents] == [
        str(folder / "db" / "migrate" / name)
        for name in sorted(rails.project.files, key=lambda name: int(name.partition("_")[0]))
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_recorded_but_the_index_is_missing(
    engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    rails = runners.rails(engine)
    indexed = migration(
        "7_indexed", "add_column :posts, :size, :integer\nadd_index :posts, :size, name: 'by_size'"
    )
    after = migration("8_after", "add_column :posts, :rank, :integer")
    rails.load(rails_project(indexed, after))
    assert rails.migrate().ok
    folder = written(rails, tmp_path)
    rails.lab.execute("DROP INDEX by_size" + (" ON posts" if engine == "mariadb" else ""))
    said = status(folder, rails.lab.url)
    assert said.code == 1
    wrong = {name: verdict for name, verdict in said.verdicts().items() if verdict != "complete"}
    assert wrong == {"7_indexed": "incomplete"}
    assert "recorded as applied, but index posts.by_size is not there" in said.of("7_indexed")["sentence"]
    alone = status(folder / "db" / "migrate" / "7_indexed.rb", rails.lab.url)
    assert alone.code == 1
    assert alone.documents[0]["history"]["verdict"] == "incomplete"
    assert alone.documents[0]["history"]["later"] == ["8"]


@pytest.mark.parametrize("tool", ["django", "alembic"])
def test_a_dropped_table_of_a_recorded_migration(
    tool: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    make, cases = MAKING[tool]
    project, name = make(cases["roles"])
    runner: Runner[Any] = getattr(runners, tool)("mariadb")
    runner.load(project)
    assert runner.migrate().ok
    folder = written(runner, tmp_path)
    assert status(folder, runner.lab.url).code == 0
    runner.lab.execute(f"DROP TABLE {'app_role' if tool == 'django' else 'roles'}")
    said = status(folder, runner.lab.url)
    assert said.code == 1
    assert said.verdicts()[Path(name).stem] == "incomplete"
    assert list(said.verdicts().values()).count("incomplete") == 1


@pytest.mark.parametrize("engine", [*ENGINES, "mysql"])
def test_migrations_that_django_brings(engine: str, runners: Runners, status: Status, tmp_path: Path) -> None:
    """Ten years of changes to the tables of half of the world's sites: all of them whole, none missing."""
    import django.contrib

    apps = ("contenttypes", "auth", "admin", "sessions", "sites", "redirects", "flatpages")
    runner = runners.django(engine)
    project, _ = MAKING["django"][0](MAKING["django"][1]["roles"])
    assert isinstance(project, DjangoProject)
    installed = tuple(f"django.contrib.{app}" for app in apps)
    runner.load(replace(project, installed=installed, settings={"SITE_ID": 1}))
    assert runner.migrate().ok
    folder = written(runner, tmp_path)
    for app in apps:
        source = Path(django.contrib.__path__[0]) / app
        for path in (source / "apps.py", *(source / "migrations").glob("*.py")):
            copied = folder / "django" / "contrib" / path.relative_to(source.parent)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_text(path.read_text())
    (folder / "manage.py").write_text(
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n"
    )
    (folder / "settings.py").write_text("DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'\n")
    said = status(folder, runner.lab.url)
    wrong = [one["sentence"] for one in said.documents if one["history"]["verdict"] != "complete"]
    assert not wrong
    assert said.code == 0
    assert len(said.documents) > 20


def test_files_of_which_no_tool_keeps_books(labs: Labs, status: Status, tmp_path: Path) -> None:
    lab = labs("mariadb")
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "migrations"
    folder.mkdir()
    texts = {
        "1_one": "CREATE TABLE one (id int, a int);\nCREATE INDEX one_a ON one (a);\n",
        "2_two": "ALTER TABLE one DROP COLUMN a;\nALTER TABLE one ADD COLUMN b int;\n",
        "3_three": "DROP TABLE IF EXISTS three;\nCREATE TABLE three (id int);\nCREATE TABLE four (id int);\n",
        "10_ten": "ALTER TABLE one ADD COLUMN c int;\nDROP TABLE four;\nALTER TABLE one ADD COLUMN d int;\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.sql").write_text(text)
    lab.fresh()
    assert status(folder, lab.url, "--tool", "sql").code == 0
    done: list[str] = []
    for text in texts.values():
        statements = text.strip().rstrip(";").split(";\n")
        for number, statement in enumerate(statements):
            lab.execute(statement)
            last = number + 1 == len(statements)
            said = status(folder, lab.url, "--tool", "sql")
            half = [Path(one["path"]).stem for one in said.documents if one["half_way"]]
            nothing = statement.startswith("DROP TABLE IF EXISTS")
            expected = [] if last or nothing else [list(texts)[len(done)]]
            assert half == expected, f"after {statement}"
            assert said.code == (1 if expected else 0)
            states = {
                Path(one["path"]).stem: [each["state"] for each in one["operations"]]
                for one in said.documents
            }
            for name, whole in texts.items():
                has_run, begun = name in list(texts)[: len(done)], name == list(texts)[len(done)]
                if not begun:
                    count = whole.count(";")
                    assert states[name] == ["applied" if has_run else "pending"] * count, (
                        f"{name} after {statement}"
                    )
        done.append(text)


def test_what_an_earlier_file_without_books_made_is_not_made_again(
    labs: Labs, status: Status, tmp_path: Path
) -> None:
    """The last one failed because of it."""
    lab = labs("mariadb")
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "1_one.sql").write_text("CREATE TABLE one (id int);\n")
    text = "CREATE TABLE two (id int);\nCREATE TABLE one (id int);\nCREATE TABLE three (id int);\n"
    (folder / "2_two.sql").write_text(text)
    lab.fresh()
    lab.execute("CREATE TABLE one (id int)", "CREATE TABLE two (id int)")
    said = status(folder, lab.url, "--tool", "sql")
    assert said.code == 1
    assert said.documents[1]["failure_point"] == {"after": 0, "before": 1}


def test_what_a_later_file_without_books_changed_is_said_to_be_done(
    labs: Labs, status: Status, tmp_path: Path
) -> None:
    """And what nobody can have changed is said as it is, though by nobody's word half way."""
    lab = labs("mariadb")
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "migrations"
    folder.mkdir()
    texts = {
        "1_kept": "CREATE TABLE kept (id int);\n",
        "2_renamed": "CREATE TABLE renamed (id int);\nINSERT INTO renamed VALUES (1);\n",
        "3_left_out": "CREATE TABLE left_out (id int);\n",
        "4_last": "RENAME TABLE renamed TO other;\nALTER TABLE kept ADD COLUMN a int;\n",
        "5_drops": "DROP TABLE IF EXISTS nobodys;\n",
        "6_pending": "DROP TABLE IF EXISTS pending;\nCREATE TABLE pending (id int);\n",
        "7_data": "INSERT INTO pending VALUES (1);\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.sql").write_text(text)
    lab.fresh()
    for name in ("1_kept", "2_renamed", "4_last"):
        lab.script(texts[name])
    said = status(folder, lab.url, "--tool", "sql")
    assert said.code == 0
    assert {
        Path(one["path"]).stem: [each["state"] for each in one["operations"]] for one in said.documents
    } == {
        "1_kept": ["applied"],
        "2_renamed": ["applied", "applied"],
        "3_left_out": ["pending"],
        "4_last": ["applied", "applied"],
        "5_drops": ["applied"],
        "6_pending": ["pending", "pending"],
        "7_data": ["unknown"],
    }
    renamed, pending = said.of("2_renamed"), said.of("6_pending")
    assert renamed["operations"][0]["reason"] == "done, and changed again by a later migration"
    assert renamed["sentence"] == "2_renamed is applied in full"
    assert pending["operations"][0]["reason"] == "not run yet, though table pending is not there"
    assert pending["sentence"] == "6_pending has not begun"


def test_one_question_for_each_kind_of_thing(
    labs: Labs, status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many migrations there are."""
    lab = labs("mariadb")
    lab.fresh()
    (tmp_path / ".git").mkdir()
    (tmp_path / "db" / "migrate").mkdir(parents=True)
    asked: list[str] = []
    ask = Session.ask

    def counting(self: Session, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        asked.append(sql)
        rows: list[Row] = ask(self, sql, parameters)
        return rows

    monkeypatch.setattr(Session, "ask", counting)
    counts = []
    for number in range(1, 200):
        name, text = migration(
            f"{number}_m{number}", f"create_table(:t{number}) {{ |t| t.string :a; t.index :a }}"
        )
        (tmp_path / "db" / "migrate" / name).write_text(text)
        if number in (2, 199):
            asked.clear()
            assert len(status(tmp_path, lab.url).documents) == number
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_a_tracking_table_that_may_not_be_read(labs: Labs, status: Status, tmp_path: Path) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    (tmp_path / ".git").mkdir()
    (tmp_path / "db" / "migrate").mkdir(parents=True)
    for name, text in YEARS.items():
        (tmp_path / "db" / "migrate" / name).write_text(text)
    lab.script(
        "CREATE TABLE schema_migrations (version varchar PRIMARY KEY);"
        "DROP ROLE IF EXISTS partway_reader; CREATE ROLE partway_reader LOGIN; GRANT USAGE ON SCHEMA public TO"
        " partway_reader"
    )
    url = re.sub(r"//[^@]*@", "//partway_reader@", lab.url)
    try:
        said = status(tmp_path, url)
    finally:
        lab.script("DROP OWNED BY partway_reader; DROP ROLE partway_reader")
    assert said.code == 2
    assert set(said.verdicts().values()) == {"unclear"}
    assert "schema_migrations cannot be read" in said.documents[0]["sentence"]


def test_nothing_has_run(runners: Runners, status: Status, tmp_path: Path) -> None:
    """A database without the tool's table."""
    rails = runners.rails("mariadb")
    rails.load(rails_project())
    rails.lab.fresh()
    said = status(written(rails, tmp_path), rails.lab.url)
    assert said.code == 0
    assert set(said.verdicts().values()) == {"pending"}
    assert "there is no table schema_migrations" in said.documents[0]["sentence"]


def test_unreachable_is_two(status: Status, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "V1__a.sql").write_text("CREATE TABLE a (id int);\n")
    said = status(tmp_path, "postgresql://nobody@127.0.0.1:1/nothing")
    assert said.code == 2
    assert said.documents == []


def flyway(real_tools: RealTools, engine: str, texts: dict[int, str]) -> Any:
    """Flyway with these migrations written and run; None where it is not there."""
    tool = real_tools.tool("flyway", engine)
    if tool is not None:
        tool.lab.fresh()
        tool.write(tool.files(Migrations(texts)))
    return tool


@pytest.mark.parametrize("engine", ["mariadb", "postgresql18"])
def test_edited_after_it_was_applied(engine: str, real_tools: RealTools, status: Status) -> None:
    texts = {1: "CREATE TABLE one (id int);\n", 2: "CREATE TABLE two (id int);\n"}
    tool = flyway(real_tools, engine, texts)
    if tool is None:
        return
    assert tool.up().ok
    assert status(tool.folder, tool.lab.url).code == 0
    tool.write(tool.files(Migrations({**texts, 1: "-- Changed.\n" + texts[1]})))
    said = status(tool.folder, tool.lab.url)
    first, second = sorted(said.documents, key=lambda one: one["identity"])
    assert first["history"]["edited"] is True
    assert "the file was edited since" in first["sentence"]
    assert second["history"]["edited"] is False


def test_while_the_tool_runs_it_is_in_progress(real_tools: RealTools, status: Status) -> None:
    slow = "CREATE TABLE two (id int);\nDO SLEEP(4);\nCREATE TABLE three (id int);\n"
    tool = flyway(real_tools, "mariadb", {1: "CREATE TABLE one (id int);\n", 2: slow})
    if tool is None:
        return
    running = tool.start()
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not tool.lab.rows("SHOW TABLES LIKE 'two'"):
            time.sleep(0.1)
        said = status(tool.folder, tool.lab.url)
    finally:
        running.wait(60)
    assert said.code == 2
    found = max(said.documents, key=lambda one: one["identity"])
    assert found["history"]["verdict"] == "in-progress"
    assert "another session holds Flyway's lock" in found["history"]["in_progress"]
    assert status(tool.folder, tool.lab.url).code == 0
