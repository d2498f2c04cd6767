"""What marking does where a project's migrations branch, and when it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from partway.core.postcondition import Name
from partway.tools.history import (
    Entry,
    File,
    History,
    Marking,
    Order,
    Record,
    Target,
    history_of,
)
from partway.tools.recorded import recorded
from tests.engines.plugin import Labs
from tests.history.frameworks import Alembic, Django
from tests.history.scenes import look, moment
from tests.history.test_order import _alembic, _django
from tests.history.tools import Migrations

TARGET = Target("postgresql", {}, "shop", "public")


def _history(tool: str, *entries: Entry | str) -> History:
    table = history_of(tool).table(TARGET)
    found = (entry if isinstance(entry, Entry) else Entry(entry, Record.RECORDED) for entry in entries)
    return History(tool, Name(table.name, "public"), present=True, entries=tuple(found))


def _mark(history: History, project: Mapping[str, str], path: str) -> Marking:
    module = history_of(history.tool)
    files = [File(name, text) for name, text in project.items()]
    return module.mark_done(TARGET, history, module.order(files, {}), File(path, project[path]))


def _plain(*paths: str) -> dict[str, str]:
    return dict.fromkeys(paths, "SELECT 1;\n")


MIGRATE = _plain("1_a.up.sql", "2_b.up.sql", "3_c.up.sql")


def test_golang_migrate_is_never_set_back() -> None:
    refusal = _mark(_history("golang-migrate", "3"), MIGRATE, "2_b.up.sql").refusal
    assert "would run again" in refusal


def test_golang_migrate_is_never_set_past_what_is_pending() -> None:
    refusal = _mark(_history("golang-migrate", "1"), MIGRATE, "3_c.up.sql").refusal
    assert "2 has not run" in refusal


def test_a_dirty_version_is_forced() -> None:
    marking = _mark(_history("golang-migrate", Entry("2", Record.DIRTY)), MIGRATE, "2_b.up.sql")
    assert marking.command[-2:] == ("force", "2")
    assert marking.sql[-1].endswith("VALUES (2, FALSE)")


@pytest.mark.parametrize(
    ("tool", "path"),
    [
        ("flyway", "sql/U1__undo.sql"),
        ("golang-migrate", "1_a.down.sql"),
        ("goose", "notes.sql"),
        ("dbmate", "db/migrations/readme.sql"),
        ("sqlx", "migrations/1_a.down.sql"),
        ("prisma", "prisma/seed.sql"),
        ("supabase", "supabase/migrations/x.sql"),
        ("rails", "db/migrate/concern.rb"),
        ("django", "app/migrations/helper.py"),
        ("alembic", "versions/helper.py"),
    ],
)
def test_files_that_the_tool_does_not_run(tool: str, path: str) -> None:
    found = _mark(_history(tool), _plain(path), path)
    assert found.refusal
    assert not found.sql
    order = history_of(tool).order([File(path, "SELECT 1;\n")], {})
    assert recorded(_history(tool), order, File(path)).record is Record.UNKNOWN


def test_a_repeatable_script_with_placeholders_is_not_summed_up() -> None:
    texts = {"sql/R__view.sql": "CREATE OR REPLACE VIEW v AS SELECT '${name}';\n"}
    assert "placeholders" in _mark(_history("flyway"), texts, "sql/R__view.sql").refusal
    entry = Entry("view", Record.RECORDED, checksum="1")
    order = history_of("flyway").order([File("sql/R__view.sql")], {})
    assert (
        recorded(_history("flyway", entry), order, File("sql/R__view.sql", texts["sql/R__view.sql"])).edited
        is None
    )


BRANCHES = {
    "versions/1_base.py": _alembic("versions/1_base.py", "base1", None),
    "versions/2_left.py": _alembic("versions/2_left.py", "left1", "base1"),
    "versions/3_right.py": _alembic("versions/3_right.py", "right1", "base1"),
    "versions/4_merge.py": _alembic("versions/4_merge.py", "merge1", ("left1", "right1")),
    "versions/5_after.py": _alembic("versions/5_after.py", "after1", "merge1"),
}


@pytest.mark.parametrize(
    ("heads", "path", "expected"),
    [
        ([], "versions/1_base.py", ["base1"]),
        (["base1"], "versions/2_left.py", ["left1"]),
        (["left1", "right1"], "versions/4_merge.py", ["merge1"]),
        (["merge1"], "versions/5_after.py", ["after1"]),
    ],
)
@pytest.mark.parametrize("engine", ["postgresql18", "mariadb", "sqlite"])
def test_alembic_is_stamped_as_it_stamps_itself(
    labs: Labs, tmp_path: Path, engine: str, heads: Sequence[str], path: str, expected: Sequence[str]
) -> None:
    lab = labs(engine)
    lab.fresh()
    tool = Alembic(lab, tmp_path / "project")
    files = {**tool.files(Migrations({})), **BRANCHES}
    tool.write(files)
    lab.execute("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)")
    for head in heads:
        lab.execute(f"INSERT INTO alembic_version VALUES ('{head}')")
    found = moment("alembic", lab.dialect, {}, look(lab, "alembic", {}, files))
    marking = found.module.mark_done(found.target, found.history, found.order, File(path))
    ran = tool.mark(marking.command)
    assert ran.ok, ran.output
    rows = "SELECT version_num FROM alembic_version ORDER BY 1"
    by_command = lab.rows(rows)
    lab.execute(
        "DELETE FROM alembic_version", *(f"INSERT INTO alembic_version VALUES ('{head}')" for head in heads)
    )
    lab.execute(*marking.sql)
    assert lab.rows(rows) == by_command == [(name,) for name in expected]


def test_alembic_on_one_of_two_branches() -> None:
    """A second head is added, none is replaced."""
    marking = _mark(_history("alembic", "left1"), BRANCHES, "versions/3_right.py")
    assert marking.sql == ('INSERT INTO "public"."alembic_version" ("version_num") VALUES (\'right1\')',)


def test_alembic_needs_what_comes_before() -> None:
    assert (
        "right1 has not run" in _mark(_history("alembic", "left1"), BRANCHES, "versions/4_merge.py").refusal
    )
    assert (
        "by a later revision" in _mark(_history("alembic", "merge1"), BRANCHES, "versions/2_left.py").refusal
    )


def test_what_keeps_alembic_from_running_is_told() -> None:
    order = _order("alembic", {name: BRANCHES[name] for name in list(BRANCHES)[:3]})
    assert any("several heads: left1, right1" in trouble for trouble in order.troubles)
    order = _order("alembic", {name: BRANCHES[name] for name in list(BRANCHES)[1:2]})
    assert any("base1 is needed by left1 and has no file" in trouble for trouble in order.troubles)
    circle = {"versions/a.py": _alembic("a", "aaaa", "bbbb"), "versions/b.py": _alembic("b", "bbbb", "aaaa")}
    assert any("circle" in trouble for trouble in _order("alembic", circle).troubles)


def _order(tool: str, project: Mapping[str, str]) -> Order:
    return history_of(tool).order([File(name, text) for name, text in project.items()], {})


SQUASHED = {
    "app/migrations/0001_a.py": _django("0001_a"),
    "app/migrations/0002_b.py": _django("0002_b", dependencies=[("app", "0001_a")]),
    "app/migrations/0001_squashed_0002_b.py": _django(
        "squashed", replaces=[("app", "0001_a"), ("app", "0002_b")]
    ),
    "app/migrations/0003_c.py": _django("0003_c", dependencies=[("app", "0002_b")]),
}
SQUASH = "app/migrations/0001_squashed_0002_b.py"


def test_squashed_migrations_stand_for_what_they_replace() -> None:
    order = _order("django", SQUASHED)
    assert [item.identity for item in order.items] == ["app.0001_squashed_0002_b", "app.0003_c"]
    old = recorded(_history("django", "app.0001_a", "app.0002_b"), order, File(SQUASH))
    assert old.record is Record.RECORDED
    assert recorded(_history("django"), order, File(SQUASH)).record is Record.NOT_RECORDED
    partly = recorded(_history("django", "app.0001_a"), order, File(SQUASH))
    assert partly.record is Record.UNKNOWN
    assert "app.0001_a" in partly.words


def test_django_needs_what_comes_before(tmp_path: Path, labs: Labs) -> None:
    assert "has not run" in _mark(_history("django"), SQUASHED, "app/migrations/0003_c.py").refusal
    # Django itself would mark what is before it along with it.
    lab = labs("sqlite")
    lab.fresh()
    tool = Django(lab, tmp_path / "project")
    tool.write(tool.files(Migrations({1: "CREATE TABLE one (id int);\n", 2: "CREATE TABLE two (id int);\n"})))
    assert tool.mark(("python", "manage.py", "migrate", "app", "0002_step", "--fake")).ok
    assert len(lab.rows("SELECT * FROM django_migrations")) == 2


def test_what_keeps_django_from_running_is_told() -> None:
    two = {name: SQUASHED[name] for name in list(SQUASHED)[:2]}
    two["app/migrations/0002_other.py"] = _django("x", dependencies=[("app", "0001_a")])
    assert any("several leaf nodes" in trouble for trouble in _order("django", two).troubles)
    circle = {
        "app/migrations/0001_a.py": _django("a", dependencies=[("app", "0002_b")]),
        "app/migrations/0002_b.py": _django("b", dependencies=[("app", "0001_a")]),
    }
    assert any("circle" in trouble for trouble in _order("django", circle).troubles)


@pytest.mark.parametrize("engine", ["mariadb", "mysql"])
def test_prisma_on_mysql(labs: Labs, engine: str) -> None:
    """Its engine for MySQL cannot be had without a download: the table is made as its source makes it, and a failed
    attempt is written as it writes one."""
    lab = labs(engine)
    lab.fresh()
    lab.execute(
        "CREATE TABLE _prisma_migrations (id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL,"
        " finished_at DATETIME(3), migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at DATETIME(3),"
        " started_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),"
        " applied_steps_count INTEGER UNSIGNED NOT NULL DEFAULT 0)",
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, logs) VALUES ('1', 'x', '1_a', 'Error 1050')",
    )
    files = {"prisma/migrations/1_a/migration.sql": "CREATE TABLE a (id int);\n"}
    file = File(*next(iter(files.items())))
    found = moment("prisma", lab.dialect, {}, look(lab, "prisma", {}, files))
    failed = recorded(found.history, found.order, file)
    assert (failed.record, failed.edited) == (Record.FAILED, True)
    lab.execute(*found.module.mark_done(found.target, found.history, found.order, file).sql)
    found = moment("prisma", lab.dialect, {}, look(lab, "prisma", {}, files))
    done = recorded(found.history, found.order, file)
    assert (done.record, done.edited) == (Record.RECORDED, False)
    assert lab.rows("SELECT count(*) FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL") == [(1,)]
