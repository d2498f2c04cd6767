"""Which dialect a path or a text gives away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.tools.evidence import dialect_of_path, dialect_of_text, foreign_to, is_foreign, sign_in

PATHS = [
    ("migrations/postgres/1_a.sql", "postgresql", ""),
    ("migrations/mysql/1_a.sql", "mysql", ""),
    ("postgres-persistence/src/main/resources/db/migration_postgres/V1__a.sql", "postgresql", ""),
    ("mysql-persistence/src/main/resources/db/migration/V1__a.sql", "mysql", ""),
    ("postgres/migrations/sqlite/1_a.sql", "sqlite", ""),
    ("m/20200101_a.postgres.up.sql", "postgresql", ""),
    ("m/20200101_a.sqlite3.down.sql", "sqlite", ""),
    ("m/20200101_a.mysql.autocommit.up.sql", "mysql", ""),
    ("m/20200101_a.cockroach.up.sql", None, "cockroach"),
    ("postgres/m/20200101_a.cockroach.up.sql", None, "cockroach"),
    ("db/hsqldb/V1__a.sql", None, "hsqldb"),
    ("db/migration/oracle/V1__a.sql", None, "oracle"),
    ("services/oracle/migrations/1_a.sql", None, ""),
    ("schema/mariadb.sql", "mariadb", ""),
    # What a migration is about is not what it runs on.
    ("m/20200101_drop_mysql_table.sql", None, ""),
    ("prisma/migrations/20240101120000_from_mysql/migration.sql", None, ""),
    ("m/V2__oracle_import.sql", None, ""),
    ("m/1_a.sql", None, ""),
]

TEXTS = [
    ("CREATE TABLE a (id bigserial PRIMARY KEY, b jsonb);", "postgresql"),
    ("SELECT '1'::int;", "postgresql"),
    ("DO $$ BEGIN END $$;", "postgresql"),
    ("CREATE INDEX CONCURRENTLY i ON t (c);", "postgresql"),
    ("CREATE TABLE `a` (`id` int);", "mysql"),
    ("CREATE TABLE a (id int AUTO_INCREMENT) ENGINE=InnoDB;", "mysql"),
    ("/*!40101 SET NAMES utf8 */;", "mysql"),
    ("ALTER TABLE a MODIFY COLUMN b int;", "mysql"),
    ("CREATE OR REPLACE TABLE a (b int);", "mariadb"),
    ("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT);", "sqlite"),
    ("PRAGMA foreign_keys = OFF;", "sqlite"),
    ("CREATE TABLE `a` (id INTEGER PRIMARY KEY AUTOINCREMENT);", "sqlite"),
    ("-- the `old` jsonb column\nALTER TABLE a DROP COLUMN b;", None),
    ("INSERT INTO a VALUES ('ENGINE=InnoDB `x`');", None),
    ('ALTER TABLE "jsonb" ADD c int;', None),
    ("ALTER TABLE a ADD COLUMN b int;", None),
    ("", None),
]


@pytest.mark.parametrize(("path", "dialect", "foreign"), PATHS)
def test_paths(path: str, dialect: str | None, foreign: str) -> None:
    assert (dialect_of_path(path), foreign_to(path)) == (dialect, foreign)


@pytest.mark.parametrize(("text", "dialect"), TEXTS)
def test_texts(text: str, dialect: str | None) -> None:
    assert dialect_of_text(text) == dialect


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE [dbo].[a] (id INT IDENTITY(1,1));",
        "CREATE TABLE a (b NVARCHAR(20));\nGO\n",
        "CREATE TABLE a (b VARCHAR2(20), c NUMBER(10));",
        "CREATE TABLE a (b UInt8) ENGINE = ReplacingMergeTree ORDER BY b;",
    ],
)
def test_words_of_databases_without_a_dialect(text: str) -> None:
    assert sign_in(text) == "foreign"
    assert is_foreign(text)
    assert dialect_of_text(text) is None


def test_a_known_dialect_may_have_a_column_called_number() -> None:
    assert not is_foreign("CREATE TABLE a (number bigserial, note text) -- NVARCHAR(5)\n;")


@given(st.text())
def test_any_text_and_path_will_do(text: str) -> None:
    dialect_of_text(text)
    dialect_of_path(text)
    is_foreign(text)
