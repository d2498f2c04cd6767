"""What a project's layout and files say about each of its migrations."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from partway.project import Project, find_root
from partway.tools.choice import Choice

ALTER = "ALTER TABLE roles ADD COLUMN note varchar(20);\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def choice(root: Path, name: str, text: str = ALTER) -> Choice:
    write(root, {name: text})
    return Project(str(root)).choice(str(root / name), text)


def dialect(root: Path, name: str, text: str = ALTER) -> str | None:
    return choice(root, name, text).dialect


def test_a_repository_is_a_project(root: Path) -> None:
    write(root, {"a/b/c.sql": ""})
    for path in (root, root / "a", root / "a/b/c.sql", root / "a/b/missing.sql"):
        assert find_root(str(path)) == str(root)


def test_without_a_repository_the_nearest_facts_mark_it(tmp_path: Path) -> None:
    write(tmp_path, {"app/flyway.conf": "", "app/db/migration/V1__a.sql": ""})
    assert find_root(str(tmp_path / "app/db/migration/V1__a.sql")) == str(tmp_path / "app")
    write(tmp_path, {"bare/sql/1.sql": ""})
    assert find_root(str(tmp_path / "bare/sql/1.sql")) == str(tmp_path / "bare/sql")


@pytest.mark.parametrize(
    "compose", ["compose.yml", "docker/compose.yml", ".devcontainer/docker-compose.yaml"]
)
def test_without_a_repository_compose_files_tell_the_server(tmp_path: Path, compose: str) -> None:
    name = "app/db/migrations/1_a.sql"
    write(tmp_path, {f"app/{compose}": "services:\n  db:\n    image: postgres:13\n", name: ALTER})
    path = str(tmp_path / name)
    assert find_root(path) == str(tmp_path / "app")
    found = Project(find_root(path)).choice(path, ALTER)
    assert (found.dialect, found.server) == ("postgresql", (13,))


def test_without_a_repository_the_folders_around_still_speak(tmp_path: Path) -> None:
    write(tmp_path, {"db/mysql/1_a.sql": ALTER})
    path = str(tmp_path / "db/mysql/1_a.sql")
    assert Project(find_root(path)).choice(path, ALTER).dialect == "mysql"


def test_the_folder_that_a_repository_lies_in_does_not_speak(tmp_path: Path) -> None:
    write(tmp_path, {"mysql/app/.git/HEAD": "", "mysql/app/m/1_a.sql": ALTER})
    path = str(tmp_path / "mysql/app/m/1_a.sql")
    assert Project(find_root(path)).choice(path, ALTER).dialect is None


def test_spring_with_flyway(root: Path) -> None:
    write(
        root,
        {
            "app/src/main/resources/application.yml": "spring:\n  datasource:\n    url: jdbc:postgresql://db/app\n",
            "compose.yaml": "services:\n  db:\n    image: postgres:14-alpine\n",
        },
    )
    found = choice(root, "app/src/main/resources/db/migration/V1__a.sql")
    assert found[:3] == ("flyway", "postgresql", (14,))


def test_path_goes_before_configuration(root: Path) -> None:
    write(root, {"flyway.conf": "flyway.url=jdbc:postgresql://db/app"})
    assert dialect(root, "db/migration/mysql/V1__a.sql") == "mysql"
    assert dialect(root, "db/migration/common/V1__a.sql") == "postgresql"


def test_configuration_goes_before_text(root: Path) -> None:
    write(root, {".env": "DATABASE_URL=postgres://x", "compose.yml": "image: mysql:8"})
    assert dialect(root, "m/1_a.sql", "CREATE TABLE `a` (b int);") == "postgresql"


def test_the_nearest_configuration_counts(root: Path) -> None:
    write(root, {".env": "DATABASE_URL=postgres://x", "lite/.env": "DATABASE_URL=sqlite:x.db"})
    assert dialect(root, "lite/m/1_a.sql") == "sqlite"
    assert dialect(root, "m/1_a.sql") == "postgresql"


def test_neighbours_tell_what_a_file_does_not(root: Path) -> None:
    write(root, {f"m/{n}_a.sql": "CREATE TABLE a (id int AUTO_INCREMENT) ENGINE=InnoDB;" for n in range(20)})
    assert dialect(root, "m/21_b.sql") == "mysql"
    write(root, {"compose.yml": "image: mariadb:10.6"})
    assert choice(root, "m/21_b.sql")[1:3] == ("mariadb", (10, 6))


def test_neighbours_of_a_migration_with_a_folder_of_its_own(root: Path) -> None:
    for n in range(4):
        write(
            root,
            {
                f"m/2020-01-0{n}_a/up.sql": "CREATE TABLE a (b jsonb);",
                f"m/2020-01-0{n}_a/down.sql": "DROP TABLE a;",
            },
        )
    assert dialect(root, "m/2020-01-09_b/up.sql") == "postgresql"


def test_neighbours_that_differ_tell_nothing(root: Path) -> None:
    write(root, {"m/1_a.sql": "PRAGMA user_version;", "m/2_a.sql": "CREATE TABLE a (b jsonb);"})
    assert dialect(root, "m/3_b.sql") is None
    assert dialect(root, "m/3_b.sql", "CREATE TABLE a (b int) ENGINE=InnoDB;") == "mysql"


def test_servers_and_drivers_come_last(root: Path) -> None:
    write(root, {"go.mod": "github.com/lib/pq v1\ngithub.com/mattn/go-sqlite3 v1\n"})
    assert dialect(root, "m/1_a.sql") is None
    write(root, {"docker/compose.yml": "image: postgres:15"})
    assert choice(root, "m/1_a.sql")[1:3] == ("postgresql", (15,))


def test_two_databases_leave_it_open(root: Path) -> None:
    write(root, {"compose.yml": "image: postgres:16\nimage: mysql:8\n"})
    assert dialect(root, "m/1_a.sql") is None


def test_prisma(root: Path) -> None:
    write(
        root,
        {
            "prisma/schema.prisma": 'datasource db {\n  provider = "mysql"\n}',
            "package.json": '{"devDependencies": {"prisma": "7.5.0"}}',
        },
    )
    found = choice(root, "prisma/migrations/20240101120000_a/migration.sql")
    assert found[:2] == ("prisma", "mysql")
    assert ("prisma.version", "7.5.0") in found.settings


def test_supabase(root: Path) -> None:
    write(root, {"supabase/config.toml": "[db]\nport = 54322\nmajor_version = 15\n"})
    assert choice(root, "supabase/migrations/20240101120000_a.sql")[:3] == ("supabase", "postgresql", (15,))


def test_sqlx_by_its_query_cache(root: Path) -> None:
    write(
        root,
        {
            "Cargo.toml": 'sqlx = { version = "0.8", features = ["sqlite", "mysql"] }',
            ".sqlx/query-1.json": '{\n  "db_name": "SQLite",\n',
        },
    )
    assert choice(root, "migrations/1_a.sql")[:2] == ("sqlx", "sqlite")


def test_flyway_script_configuration(root: Path) -> None:
    write(root, {"V1__a.sql.conf": "executeInTransaction=false\n"})
    assert choice(root, "V1__a.sql").settings == (("flyway.script.executeInTransaction", "false"),)
    assert choice(root, "V2__a.sql").settings == ()


def test_diesel_metadata_is_the_migrations_own(root: Path) -> None:
    write(root, {"m/2020-01-01_a/metadata.toml": "run_in_transaction = false"})
    assert choice(root, "m/2020-01-01_a/up.sql").settings == (("diesel.run_in_transaction", "false"),)
    assert choice(root, "m/2020-01-02_a/up.sql").settings == ()


def test_drizzle_by_its_journal(root: Path) -> None:
    write(root, {"drizzle/meta/_journal.json": '{"version": "7", "dialect": "sqlite"}'})
    found = choice(root, "drizzle/0000_a.sql")
    assert (found.tool, found.dialect, found.settings) == ("sql", "sqlite", (("drizzle.folder", "true"),))


def test_a_file_for_all_databases_beside_files_for_each(root: Path) -> None:
    write(root, {"m/1_a.mysql.up.sql": "CREATE TABLE `a` (b int);", "compose.yml": "image: mysql:8"})
    found = choice(root, "m/2_a.up.sql")
    assert (found.tool, found.dialect) == ("sql", None)


def test_foreign_databases_are_named(root: Path) -> None:
    assert choice(root, "m/1_a.cockroach.up.sql").foreign == "cockroach"
    assert choice(root, "db/migration/oracle/V1__a.sql").foreign == "oracle"
    write(root, {"flyway.conf": "flyway.url=jdbc:sqlserver://db"})
    found = choice(root, "db/V1__a.sql")
    assert (found.dialect, found.foreign) == (None, "sqlserver")


def test_django_settings_are_read_as_text(root: Path) -> None:
    write(
        root, {"manage.py": "", "site/settings.py": "raise SystemExit\nENGINE = 'django.db.backends.mysql'\n"}
    )
    assert dialect(root, "sql/1_a.sql") == "mysql"


def test_what_cannot_be_read_counts_as_absent(root: Path) -> None:
    os.mkfifo(root / "compose.yml")
    (root / "flyway.conf").mkdir()
    (root / "application.yml").write_bytes(b"\xff\xfe\x00url: jdbc:")
    (root / ".env").symlink_to(root / ".env")
    assert dialect(root, "m/1_a.sql") is None
    assert Project(str(root / "missing")).choice(str(root / "elsewhere/1_a.sql"), ALTER).dialect is None
    assert Project(str(root)).choice("\0", "\0").tool == "sql"


def test_files_outside_the_project_borrow_nothing_from_it(root: Path) -> None:
    write(root, {"in/flyway.conf": "flyway.url=jdbc:mysql://db", "out/1_a.sql": ALTER})
    assert Project(str(root / "in")).choice(str(root / "out/1_a.sql"), ALTER).dialect is None


def test_changed_files_are_read_again_when_told(root: Path) -> None:
    project = Project(str(root))
    assert project.choice(str(root / "1_a.sql"), ALTER).dialect is None
    write(root, {".env": "DATABASE_URL=mysql://x"})
    assert project.choice(str(root / "1_a.sql"), ALTER).dialect is None
    project.forget()
    assert project.choice(str(root / "1_a.sql"), ALTER).dialect == "mysql"
