"""The migrations of SQLite: its tables are made anew for what its ALTER cannot do."""

from __future__ import annotations

from tests.live.migration import Migration

SQLITE = [
    Migration(
        "CREATE TABLE t (a int, b int)",
        (
            "CREATE INDEX i ON t (a)",
            "CREATE VIEW v AS SELECT a, b FROM t WHERE a > 1",
            "ALTER TABLE t RENAME COLUMN a TO c",
            "ALTER TABLE t ADD COLUMN d int",
        ),
    ),
    Migration(
        "CREATE TABLE users (id int PRIMARY KEY, name varchar(20), age int)",
        (
            "CREATE TABLE users_new (id int PRIMARY KEY, name varchar(20), email text)",
            "INSERT INTO users_new (id,name) SELECT id,name FROM users",
            "DROP TABLE users",
            "ALTER TABLE users_new RENAME TO users",
            "CREATE INDEX ui ON users (email)",
        ),
    ),
    Migration(
        "CREATE TABLE users (id int PRIMARY KEY, name varchar(20), age int)",
        (
            "CREATE TABLE users_new (id int PRIMARY KEY, name varchar(20))",
            "INSERT INTO users_new (id,name) SELECT id,name FROM users",
            "DROP TABLE users",
            "ALTER TABLE users_new RENAME TO users",
        ),
    ),
    Migration(
        "CREATE TABLE users (id int, name varchar(20))",
        (
            "ALTER TABLE users RENAME TO people",
            "ALTER TABLE people ADD COLUMN age int DEFAULT 0",
            "CREATE INDEX people_age ON people (age)",
            "ALTER TABLE people RENAME COLUMN name TO full_name",
            "CREATE VIEW names AS SELECT full_name FROM people",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)",
        (
            "DROP INDEX i",
            "CREATE UNIQUE INDEX i ON t (a, b) WHERE a > 0",
            "ALTER TABLE t ADD COLUMN c int CHECK (c > 0)",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b int)",
        (
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
            "DROP TRIGGER tr",
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 2; END",
            "ALTER TABLE t DROP COLUMN b",
            "CREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT, t int REFERENCES t (a))",
        ),
    ),
]
