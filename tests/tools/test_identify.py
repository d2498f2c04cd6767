"""Whose file it is: by name, by folder, by directive, by what the project says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.tools.place import Hints
from partway.tools.reading import identify
from partway.tools.registry import names, reader, tools

CASES = [
    ("db/migration/V1__init.sql", "", "flyway"),
    ("db/migration/V1_2_3__add roles.sql", "", "flyway"),
    ("db/migration/V20240101.1__x.sql", "", "flyway"),
    ("db/migration/U2__undo.sql", "", "flyway"),
    ("db/migration/R__views.sql", "", "flyway"),
    ("db/migration/B5__baseline.sql", "", "flyway"),
    ("db/migration/afterMigrate.sql", "", "flyway"),
    ("db/migration/beforeEachMigrate__audit.sql", "", "flyway"),
    ("db/migration/V0001.Initial_Schema.up.sql", "", "sql"),
    ("db/migration/Vacuum.sql", "", "sql"),
    ("migrations/000001_roles.up.sql", "", "golang-migrate"),
    ("migrations/1_roles.down.sql", "", "golang-migrate"),
    ("migrations/roles.up.sql", "", "sql"),
    ("migrations/20200101_users.mysql.up.sql", "", "sql"),
    ("migrations/20200101_users.autocommit.up.sql", "", "sql"),
    ("migrations/20240101120000_roles.sql", "-- +goose Up\nSELECT 1;", "goose"),
    ("migrations/000001_roles.up.sql", "-- +goose Up\n", "goose"),
    ("db/migrations/20240101_roles.sql", "-- migrate:up\nSELECT 1;", "dbmate"),
    ("db/migrations/20240101_roles.sql", "\n--migrate:up transaction:false\n", "dbmate"),
    ("db/migrations/20240101_roles.sql", "-- see migrate:up\n", "sql"),
    ("prisma/migrations/20240101120000_roles/migration.sql", "", "prisma"),
    ("prisma/migrations/0_init/migration.sql", "", "prisma"),
    ("drizzle/20240101120000_x/migration.sql", "CREATE TABLE a (b int);--> statement-breakpoint\n", "sql"),
    ("tasks/migration.sql", "", "sql"),
    ("supabase/migrations/20240101120000_roles.sql", "", "supabase"),
    ("supabase/migrations/notes.sql", "", "sql"),
    ("migrations/1_roles.sql", "-- no-transaction\nCREATE", "sqlx"),
    ("migrations/1_roles.sql", "-- Add migration script here\n", "sqlx"),
    ("migrations/1_roles.up.sql", "-- Add up migration script here\n", "sqlx"),
    ("migrations/2018-01-14-171611_create_tables/up.sql", "", "sql"),
    ("C:\\work\\db\\migration\\V1__init.sql", "", "flyway"),
    ("V1__init.SQL", "", "flyway"),
]


@pytest.mark.parametrize(("path", "text", "tool"), CASES)
def test_a_file_is_its_tools(path: str, text: str, tool: str) -> None:
    assert identify(path, text) == tool


def test_the_project_decides_between_tools_with_the_same_names() -> None:
    rust = Hints(frozenset({"sqlx"}))
    assert identify("migrations/1_roles.up.sql", "", rust) == "sqlx"
    assert identify("migrations/1_roles.sql", "", rust) == "sqlx"
    assert identify("sql/1_roles.sql", "", rust) == "sql"


def test_prefix_and_separator_are_the_projects() -> None:
    hints = Hints(settings={"flyway.sqlMigrationPrefix": "M", "flyway.sqlMigrationSeparator": "-"})
    assert identify("sql/M1.2-roles.sql", "", hints) == "flyway"
    assert identify("sql/V1__roles.sql", "", hints) == "sql"


def test_pop_has_a_folder_to_itself() -> None:
    assert identify("m/1_users.up.sql", "", Hints(settings={"pop.folder": "true"})) == "sql"


def test_every_tool_has_a_name_that_others_can_be_told_by() -> None:
    assert set(names()) >= {
        "sql",
        "flyway",
        "golang-migrate",
        "goose",
        "dbmate",
        "sqlx",
        "prisma",
        "supabase",
    }
    assert all(callable(reader(name).read) for name in names())
    assert all(
        suffix.startswith(".") or suffix.endswith(".sql") for t in tools().values() for suffix in t.SUFFIXES
    )
    with pytest.raises(KeyError):
        reader("../evil")


@given(st.text(), st.text())
def test_any_path_and_text_is_somebodys(path: str, text: str) -> None:
    assert identify(path, text) in names()
