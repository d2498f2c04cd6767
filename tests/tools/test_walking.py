"""Which files of a folder are migrations."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.tools.walking import is_migration

YES = [
    "db/migrations/001_init.sql",
    "db/migrations/init.sql",
    "assets/migrations/mysql/001_initialize_schema.sql",
    "src/main/resources/db/migration/V1__schema.sql",
    "src/main/resources/org/example/db/postgresql/V1_0__a.sql",
    "db/migration_postgres_notify/V1__queue.sql",
    "migrations/2018-01-14-171611_create_tables/up.sql",
    "migrations/sqls/20200101-roles-up.sql",
    "sql/000001_roles.up.sql",
    "supabase/migrations/20240101120000_roles.sql",
    "prisma/migrations/20240101120000_roles/migration.sql",
    "db/migrate/20240101_a.sql",
    "db/orders_migrate/001_users.sql",
    "db/migrate_unusual/001_users.sql",
    "shop-migration-scripts/users.sql",
    "shop_migration_v2/users.sql",
    "scripts/shop-migration-backfill/001_users.sql",
    "scripts/shop-migration-backfill/users.up.sql",
    "scripts/shop-migration-backfill/migrations/users.sql",
]
NO = [
    "db/structure.sql",
    "db/schema.sql",
    "db/migrations/schema.sql",
    "db/seeds.sql",
    "db/seeds/001_users.sql",
    "supabase/seed.sql",
    "sql/queries/users.sql",
    "internal/db/query.sql",
    "src/test/resources/db/migration/V1__a.sql",
    "tests/fixtures/001_a.sql",
    "node_modules/x/migrations/001_a.sql",
    "reports/monthly.sql",
    "docker-entrypoint-initdb.d/01_init.sql",
    "db/hsqldb/V1__a.sql",
    "migrations/20200101_a.cockroach.up.sql",
    "db/migrate_save/001_users.sql",
    "db/old_migrations/001_users.sql",
    "shop/south_migrations/0001_dump.sql",
    "migrations/README.md",
    "scripts/shop-migration-backfill/drop_functions.sql",
    "data_migration_reports/users.sql",
]


@pytest.mark.parametrize("path", YES)
def test_migrations(path: str) -> None:
    assert is_migration(path, None)
    assert is_migration(path, "ALTER TABLE a ADD b int;")


@pytest.mark.parametrize("path", NO)
def test_other_files(path: str) -> None:
    assert not is_migration(path, None)
    assert not is_migration(path, "ALTER TABLE a ADD b int;")


def test_a_directive_makes_a_migration_of_any_file() -> None:
    assert is_migration("sql/roles.sql", "-- +goose Up\nCREATE TABLE a (b int);")
    assert is_migration("sql/roles.sql", "-- migrate:up\nCREATE TABLE a (b int);")


def test_text_speaks_against_a_name() -> None:
    assert not is_migration("migrations/users.sql", "-- name: GetUser :one\nSELECT 1;")
    assert not is_migration("migrations/all.sql", "--\n-- PostgreSQL database dump\n--\n")
    assert is_migration("migrations/001_init.sql", "--\n-- PostgreSQL database dump\n--\n")
    assert not is_migration("migrations/001_init.sql", "CREATE TABLE [dbo].[a] (b int);\nGO\n")


def test_folders_above_the_walk_do_not_speak_against_a_file() -> None:
    assert is_migration("/home/me/tests/examples/migrations/001_a.sql", None, "/home/me/tests/examples")
    assert is_migration("/home/me/tests/migrations/001_a.sql", None, "/home/me/tests/migrations")
    assert not is_migration("/home/me/examples/tests/migrations/001_a.sql", None, "/home/me/examples")


def test_a_revision_with_a_long_text_before_its_code() -> None:
    head = '"""Move things\n\nRevision ID: e5f6\nRevises: c3d4\n\n' + "All of them.\n" * 400
    assert is_migration("app/db/versions/e5f6_move_things.py", head[:4096])


def test_the_sources_of_tools_hold_no_migrations_but_those_of_apps() -> None:
    """As a project has them that keeps a copy among its own files."""
    import alembic
    import django

    taken = []
    for package in (alembic, django):
        source = Path(package.__path__[0])
        for path in source.rglob("*.py"):
            shown = Path("libs") / path.relative_to(source.parent)
            if is_migration(str(shown), path.read_text()[:4096]):
                taken.append(shown)
    assert taken
    assert all(path.parent.name == "migrations" and path.name[:4].isdigit() for path in taken), taken
    text = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    pass\n"
    assert is_migration("django/db/migrations/0001_initial.py", text)  # an app that is called so
