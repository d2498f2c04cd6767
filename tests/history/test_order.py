"""The order in which the real tools run a project's migrations, and what they do with one that comes late."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from partway.core.postcondition import Name
from partway.dialects.questions import questions
from partway.tools.history import File, Late, history_of
from partway.tools.recorded import pending
from tests.history.catalog import TOOLS
from tests.history.conftest import RealTools
from tests.history.scenes import look, moment
from tests.history.tools import Migrations, Ran, Tool

LOG = "CREATE TABLE log (id integer PRIMARY KEY AUTOINCREMENT, path text)"


def _log(path: str) -> str:
    return f"INSERT INTO log (path) VALUES ('{path}');\n"


def _ruby(path: str, name: str) -> str:
    return f"class {name} < ActiveRecord::Migration[6.1]\n  def up\n    execute {_log(path)!r}\n  end\nend\n"


def _django(path: str, **attributes: object) -> str:
    lines = [f"    {name} = {value!r}" for name, value in attributes.items()]
    body = "\n".join([*lines, f"    operations = [migrations.RunSQL({_log(path)!r})]"])
    return f"from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n{body}\n"


def _alembic(path: str, revision: str, down: object, depends: object = None) -> str:
    head = f"from alembic import op\n\nrevision = {revision!r}\ndown_revision = {down!r}\ndepends_on = {depends!r}\n"
    return f"{head}\n\ndef upgrade():\n    op.execute({_log(path)!r})\n"


def _sql(*paths: str, head: str = "") -> dict[str, str]:
    return {path: head + _log(path) for path in paths}


#: Projects in the order in which each tool runs them, as seen in the tool.
PROJECTS: Mapping[str, Mapping[str, str]] = {
    "flyway": _sql(
        "sql/V1__z.sql",
        "sql/V1.2__y.sql",
        "sql/V1.10__x.sql",
        "sql/V2_1__w.sql",
        "sql/sub/V010__v.sql",
        "sql/V20240131__u.sql",
        "sql/R__a_view.sql",
        "sql/R__b_view.sql",
    ),
    "golang-migrate": _sql("1_z.up.sql", "2_y.up.sql", "0003_x.up.sql", "10_w.up.sql"),
    "goose": _sql("1_z.sql", "2_y.sql", "0003_x.sql", "10_w.sql", head="-- +goose Up\n"),
    "dbmate": {
        path: f"-- migrate:up\n{_log(path)}\n-- migrate:down\n"
        for path in (
            "db/migrations/03_x.sql",
            "db/migrations/10_w.sql",
            "db/migrations/1_z.sql",
            "db/migrations/2_y.sql",
        )
    },
    "sqlx": _sql("migrations/1_z.sql", "migrations/2_y.sql", "migrations/0003_x.sql", "migrations/10_w.sql"),
    "prisma": _sql(
        "prisma/migrations/0_init/migration.sql",
        "prisma/migrations/20240101000000_b/migration.sql",
        "prisma/migrations/20240102000000_a/migration.sql",
    ),
    "supabase": _sql(
        "supabase/migrations/10_b.sql",
        "supabase/migrations/1_a.sql",
        "supabase/migrations/20240102000000_a.sql",
    ),
    "rails": {
        "db/migrate/1_z.rb": _ruby("db/migrate/1_z.rb", "Z"),
        "db/migrate/2_y.rb": _ruby("db/migrate/2_y.rb", "Y"),
        "db/migrate/0003_x.rb": _ruby("db/migrate/0003_x.rb", "X"),
        "db/migrate/10_w.rb": _ruby("db/migrate/10_w.rb", "W"),
    },
    "django": {
        "app/migrations/0001_first.py": _django("app/migrations/0001_first.py"),
        "shop/migrations/0001_first.py": _django(
            "shop/migrations/0001_first.py", dependencies=[("app", "__first__")]
        ),
        "shop/migrations/0009_late.py": _django(
            "shop/migrations/0009_late.py",
            dependencies=[("shop", "0001_first")],
            run_before=[("app", "0002_b")],
        ),
        "app/migrations/0002_b.py": _django("app/migrations/0002_b.py", dependencies=[("app", "0001_first")]),
        "app/migrations/0002_a.py": _django("app/migrations/0002_a.py", dependencies=[("app", "0001_first")]),
        "app/migrations/0003_merge.py": _django(
            "app/migrations/0003_merge.py", dependencies=[("app", "0002_a"), ("app", "0002_b")]
        ),
    },
    "alembic": {
        "versions/z_base.py": _alembic("versions/z_base.py", "aaaa1", None),
        "versions/y_next.py": _alembic("versions/y_next.py", "bbbb2", "aaaa1"),
        "versions/x_merge.py": _alembic("versions/x_merge.py", "cccc3", ("bbbb2",), ["aaaa1"]),
    },
}


def _run(tool: Tool, texts: Mapping[str, str]) -> Ran:
    """Run a project made of these migrations, in the tool's usual surroundings."""
    usual = tool.files(Migrations({}))
    if tool.name == "django":
        usual |= {f"shop/{name}": "" for name in ("__init__.py", "migrations/__init__.py")}
        usual["settings.py"] = usual["settings.py"].replace('["app"]', '["app", "shop"]')
    tool.write({**usual, **texts})
    return tool.up()


@pytest.mark.parametrize("name", list(PROJECTS))
def test_partway_puts_them_in_this_order(name: str) -> None:
    project = PROJECTS[name]
    files = [File(path, text) for path, text in sorted(project.items())]
    files += [File("README.md", "no migration"), File("notes.sql", "SELECT 1")]
    found = history_of(name).order(files, {})
    assert [item.path for item in found.items] == list(project)
    assert not found.troubles


@pytest.mark.parametrize("name", [name for name in PROJECTS if "sqlite" in TOOLS[name].engines])
def test_the_tool_runs_them_in_this_order(real_tools: RealTools, name: str) -> None:
    tool = real_tools.tool(name, "sqlite")
    if tool is None:
        return  # named at the end of the run
    tool.lab.fresh()
    tool.lab.execute(LOG)
    if name == "flyway":  # it refuses a database with tables of others
        tool.lab.fresh()
        texts = {"sql/V0__log.sql": f"{LOG};\n", **PROJECTS[name]}
    elif name == "prisma":
        tool.lab.fresh()
        texts = {**PROJECTS[name]}
        first = next(iter(texts))
        texts[first] = f"{LOG};\n{texts[first]}"
    else:
        texts = dict(PROJECTS[name])
    ran = _run(tool, texts)
    assert ran.ok, ran.output
    assert [path for (path,) in tool.lab.rows("SELECT path FROM log ORDER BY id")] == list(PROJECTS[name])


GOOD = {
    1: "CREATE TABLE one (id int);\n",
    2: "CREATE TABLE two (id int);\n",
    10: "CREATE TABLE ten (id int);\n",
}


@pytest.mark.parametrize("name", list(TOOLS))
def test_one_that_comes_late(real_tools: RealTools, name: str) -> None:
    """A migration is added below one that has run."""
    engine = "sqlite" if "sqlite" in TOOLS[name].engines else "postgresql18"
    tool = real_tools.tool(name, engine)
    if tool is None:
        return  # named at the end of the run
    tool.lab.fresh()
    tool.write(tool.files(Migrations({1: GOOD[1], 10: GOOD[10]})))
    first = tool.up()
    assert first.ok, first.output
    files = tool.files(Migrations(GOOD))
    tool.write(files)
    found = moment(name, tool.lab.dialect, tool.settings, look(tool.lab, name, tool.settings, files))
    late = found.recorded(2)
    if name not in ("golang-migrate", "alembic"):  # whose tables name only the last
        assert late.later == (found.order.items[2].identity,)
        assert pending(found.history, found.order) == (late.identity,)
    ran = tool.up()
    made = bool(tool.lab.rows(questions(tool.lab.dialect).columns(Name("two"))))
    expected = {Late.RUNS: (True, True), Late.SKIPPED: (True, False), Late.REFUSED: (False, False)}
    assert (ran.ok, made) == expected[history_of(name).LATE], ran.output
