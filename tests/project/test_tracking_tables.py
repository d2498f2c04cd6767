"""Where a tool keeps its books, as a project's own files say, and the table that follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.project import Project
from partway.tools.history import Target, history_of

_CONTEXT = "from alembic import context\n\ncontext.configure(version_table={})\n"
_NAMED = 'config.active_record.schema_migrations_table_name = "v"\n'
#: The tool, the path of a file of the project's, what it says, a migration, and the table.
CASES = [
    ("flyway", "flyway.conf", "flyway.table=history\nflyway.schemas=app,other\n", "sql/V1__x.sql", "app.history"),
    ("flyway", "flyway.toml", '[flyway]\nschemas = ["app", "x"]\n', "V1__x.sql", "app.flyway_schema_history"),
    (
        "flyway", "application.yml", "spring:\n  flyway:\n    default-schema: shop\n    table: t\n",
        "src/main/resources/db/migration/V1__x.sql", "shop.t",
    ),
    ("flyway", ".env", "FLYWAY_TABLE=t\n", "V1__x.sql", "t"),
    ("goose", ".env", "GOOSE_TABLE=app.goose\n", "1_x.sql", "app.goose"),
    ("dbmate", "Makefile", "export DBMATE_MIGRATIONS_TABLE := books\n", "db/migrations/1_x.sql", "books"),
    (
        "golang-migrate", "Makefile", "up:\n\tmigrate -database 'pgx5://x/y?a=b&x-migrations-table=books' up\n",
        "1_x.up.sql", "books",
    ),
    ("alembic", "migrations/env.py", _CONTEXT.format("'v', version_table_schema='s'"),
     "migrations/versions/a.py", "s.v"),
    ("alembic", "migrations/env.py", _CONTEXT.format("NAME"),
     "migrations/versions/a.py", "alembic_version"),
    ("alembic", "migrations/env.py", "NAME: str = 'v'\n" + _CONTEXT.format("NAME"),
     "migrations/versions/a.py", "v"),
    ("sqlx", "sqlx.toml", "[migrate]\ntable-name = \"app._m\"\n", "migrations/1_x.sql", "app._m"),
    ("prisma", ".env", "DATABASE_URL=\"postgresql://u:secret@h/d?schema=app\"\n", "prisma/migrations/1/migration.sql",
     "app._prisma_migrations"),
    ("rails", "config/application.rb", _NAMED + "config.active_record.table_name_prefix = 'p_'\n",
     "db/migrate/1_x.rb", "p_v"),
    ("rails", "config/application.rb", f"    # {_NAMED}",
     "db/migrate/1_x.rb", "schema_migrations"),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "path", "text", "migration", "table"), CASES)
def test_the_table_of_a_project(
    tmp_path: Path, tool: str, path: str, text: str, migration: str, table: str
) -> None:
    (tmp_path / ".git").mkdir()
    for name, content in ((path, text), (migration, "")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    settings = dict(Project(str(tmp_path)).choice(str(tmp_path / migration), "").settings)
    assert str(history_of(tool).table(Target("postgresql", settings))) == table
    assert "secret" not in str(settings)


def test_an_environment_takes_nothing_from_the_one_that_it_lies_in(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in {
        "alembic/env.py": _CONTEXT.format("'outer', version_table_schema='s'"),
        "alembic/other/env.py": _CONTEXT.format("None"),
        "requirements.txt": "alembic==1.13.1\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = {}
    for folder in ("alembic", "alembic/other"):
        settings = dict(Project(str(tmp_path)).choice(f"{tmp_path}/{folder}/versions/a.py", "").settings)
        found[settings["alembic.environment"]] = str(
            history_of("alembic").table(Target("postgresql", settings))
        )
        assert settings["alembic.version"] == "1.13.1"
    assert found == {"alembic": "s.outer", "alembic/other": "alembic_version"}
