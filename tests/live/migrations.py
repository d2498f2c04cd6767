"""Migrations of several operations, each with what is there before: renames, drops and new things of the same name,
tables rebuilt through a temporary one, data changes, and things said of things."""

from __future__ import annotations

from tests.live.migration import Migration
from tests.live.sqlite_migrations import SQLITE

POSTGRESQL = [
    # What is taken away further on nobody has: that it is so already says nothing of what stands before it.
    Migration(
        "CREATE TABLE secrets (id int, owner text)",
        (
            "ALTER TABLE secrets ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY own ON secrets FOR SELECT USING (owner = current_user)",
            "GRANT SELECT ON secrets TO pg_monitor",
            "CREATE POLICY writing ON secrets FOR INSERT TO pg_monitor WITH CHECK (id > 0)",
            "ALTER POLICY own ON secrets RENAME TO own_rows",
            "ALTER TABLE secrets FORCE ROW LEVEL SECURITY",
            "REVOKE ALL ON secrets FROM PUBLIC",
        ),
    ),
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
        ),
    ),
    Migration(
        "CREATE TABLE users (id int PRIMARY KEY, name varchar(20))",
        (
            "ALTER TABLE users RENAME TO people",
            "ALTER TABLE people ADD COLUMN age int",
            "CREATE INDEX people_age ON people (age)",
            "ALTER TABLE people RENAME COLUMN name TO full_name",
            "CREATE VIEW names AS SELECT full_name FROM people",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)",
        (
            "DROP INDEX i",
            "CREATE INDEX i ON t (a, b)",
            "ALTER TABLE t ADD COLUMN c int",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b int)",
        (
            "CREATE INDEX i ON t (a)",
            "DROP INDEX i",
            "CREATE INDEX i ON t (b)",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int)",
        (
            "ALTER TABLE t ALTER COLUMN a TYPE bigint",
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
            "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5",
            "ALTER TABLE t ALTER COLUMN a SET DEFAULT 6",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int)",
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            "ALTER TABLE t VALIDATE CONSTRAINT c",
            "ALTER TABLE t DROP CONSTRAINT c",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)",
        ),
    ),
    Migration(
        "",
        (
            "CREATE TYPE mood AS ENUM ('sad')",
            "ALTER TYPE mood ADD VALUE 'ok'",
            "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
            "CREATE TABLE p (m mood)",
            "ALTER TYPE mood RENAME TO feeling",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int); CREATE TABLE o (a int)",
        (
            "CREATE TABLE tmp (a int)",
            "INSERT INTO tmp SELECT a FROM t",
            "DROP TABLE t",
            "DROP TABLE o",
            "ALTER TABLE tmp RENAME TO o",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int)",
        (
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
            "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY p ON t USING (a > 0)",
            "COMMENT ON TABLE t IS 'x'",
            "COMMENT ON COLUMN t.a IS 'y'",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int); CREATE TABLE b (id int)",
        (
            "ALTER TABLE t RENAME TO old_t",
            "ALTER TABLE b RENAME TO t",
            "ALTER TABLE old_t RENAME TO b",
        ),
        twins=True,
    ),
    Migration(
        "CREATE TABLE t (a int, b int)",
        (
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "DROP INDEX CONCURRENTLY i",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a, b)",
            "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int)",
        (
            "CREATE SCHEMA app",
            "ALTER TABLE t SET SCHEMA app",
            "ALTER TABLE app.t ADD COLUMN b int",
            "CREATE INDEX i ON app.t (b)",
        ),
    ),
    Migration(
        "CREATE TABLE p (id int, d date) PARTITION BY RANGE (d)",
        (
            "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
            "CREATE TABLE p2 (LIKE p)",
            "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')",
            "ALTER TABLE p DETACH PARTITION p1",
            "DROP TABLE p1",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b text)",
        (
            "ALTER TABLE t ADD COLUMN c int, ADD COLUMN d int",
            "ALTER TABLE t DROP COLUMN b, ALTER COLUMN a SET NOT NULL",
            "UPDATE t SET c = 1",
            "ALTER TABLE t ALTER COLUMN c SET NOT NULL",
            "ALTER TABLE t ADD UNIQUE (c)",
            "ALTER TABLE t ADD PRIMARY KEY (a)",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int)",
        (
            "CREATE SEQUENCE s",
            "ALTER TABLE t ALTER COLUMN a SET DEFAULT nextval('s')",
            "CREATE MATERIALIZED VIEW mv AS SELECT a FROM t",
            "CREATE UNIQUE INDEX mvi ON mv (a)",
            "DROP MATERIALIZED VIEW mv",
            "DROP SEQUENCE s CASCADE",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t",
        (
            "DROP VIEW v",
            "ALTER TABLE t ADD COLUMN b int",
            "CREATE VIEW v AS SELECT a, b FROM t",
            "CREATE OR REPLACE VIEW v AS SELECT a, b, a + b AS c FROM t",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int)",
        (
            "ALTER TABLE t ADD COLUMN b int",
            "ALTER TABLE t RENAME COLUMN b TO c",
            "ALTER TABLE t ADD COLUMN b text",
            "CREATE INDEX i ON t (b)",
            "ALTER TABLE t DROP COLUMN a",
        ),
    ),
    Migration(
        "CREATE TABLE u (id int PRIMARY KEY)",
        (
            "CREATE TABLE IF NOT EXISTS a (id int PRIMARY KEY, u int REFERENCES u (id))",
            "CREATE INDEX IF NOT EXISTS ai ON a (u)",
            "ALTER TABLE a ADD COLUMN IF NOT EXISTS x int DEFAULT 0",
            "ALTER TABLE a DROP CONSTRAINT IF EXISTS a_u_fkey",
            "ALTER TABLE a ADD CONSTRAINT a_u_fkey FOREIGN KEY (u) REFERENCES u (id) ON DELETE CASCADE",
        ),
    ),
    Migration(
        "",
        (
            "CREATE EXTENSION IF NOT EXISTS plpgsql",
            "CREATE DOMAIN pos AS int CHECK (VALUE > 0)",
            "CREATE TABLE x (a pos, id uuid DEFAULT gen_random_uuid())",
            "GRANT SELECT ON x TO public",
            "ALTER TABLE x ADD COLUMN j jsonb DEFAULT '{\"a\":1}'",
        ),
    ),
]

MYSQL = [
    Migration(
        "CREATE TABLE users (id int PRIMARY KEY, name varchar(20), age int)",
        (
            "CREATE TABLE users_new (id int PRIMARY KEY, name varchar(20), email text)",
            "INSERT INTO users_new (id,name) SELECT id,name FROM users",
            "DROP TABLE users",
            "ALTER TABLE users_new RENAME TO users",
        ),
    ),
    Migration(
        "CREATE TABLE users (id int PRIMARY KEY, name varchar(20))",
        (
            "RENAME TABLE users TO people",
            "ALTER TABLE people ADD COLUMN age int",
            "CREATE INDEX people_age ON people (age)",
            "ALTER TABLE people RENAME COLUMN name TO full_name",
            "CREATE VIEW names AS SELECT full_name FROM people",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b int, INDEX i (a))",
        (
            "DROP INDEX i ON t",
            "CREATE INDEX i ON t (a, b)",
            "ALTER TABLE t ADD COLUMN c int",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b int)",
        (
            "CREATE INDEX i ON t (a)",
            "DROP INDEX i ON t",
            "CREATE UNIQUE INDEX i ON t (b)",
            "ALTER TABLE t RENAME INDEX i TO j",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int)",
        (
            "ALTER TABLE t MODIFY a bigint",
            "ALTER TABLE t MODIFY a bigint NOT NULL",
            "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5",
            "ALTER TABLE t CHANGE a b bigint unsigned NOT NULL DEFAULT 7",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b int); CREATE TABLE o (id int PRIMARY KEY)",
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
            "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES o (id) ON DELETE CASCADE",
            "ALTER TABLE t DROP CONSTRAINT c",
            "ALTER TABLE t DROP FOREIGN KEY fk",
            "ALTER TABLE t ADD PRIMARY KEY (a)",
            "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int); CREATE TABLE o (a int)",
        (
            "RENAME TABLE t TO old_t, o TO t",
            "ALTER TABLE t ADD COLUMN x int",
            "DROP TABLE old_t",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int)",
        (
            "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
            "CREATE PROCEDURE p() SELECT 1",
            "DROP TRIGGER tr",
            "CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 2",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int, b varchar(100))",
        (
            "ALTER TABLE t ADD COLUMN c json, ADD COLUMN d enum('x','y') NOT NULL DEFAULT 'x', ADD INDEX bi (b(10))",
            "UPDATE t SET c = '{}'",
            "ALTER TABLE t MODIFY COLUMN d enum('x','y','z') NOT NULL DEFAULT 'x'",
            "ALTER TABLE t ADD COLUMN ts timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
            "ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a * 2) STORED",
            "ALTER TABLE t COMMENT = 'hello'",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int) CHARACTER SET latin1",
        (
            "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4",
            "ALTER TABLE t ADD COLUMN b varchar(20)",
            "CREATE UNIQUE INDEX bi ON t (b, a)",
            "CREATE INDEX bj ON t (a)",
        ),
    ),
    Migration(
        "CREATE TABLE p (id int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10))",
        (
            "ALTER TABLE p ADD PARTITION (PARTITION p1 VALUES LESS THAN (20))",
            "ALTER TABLE p DROP PARTITION p0",
            "ALTER TABLE p ADD COLUMN b int",
        ),
    ),
    Migration(
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t",
        (
            "DROP VIEW v",
            "ALTER TABLE t ADD COLUMN b int",
            "CREATE VIEW v AS SELECT a, b FROM t",
            "CREATE OR REPLACE VIEW v AS SELECT a, b, a + b AS c FROM t",
        ),
    ),
]

BY_ENGINE = {
    "postgresql18": POSTGRESQL,
    "postgresql15": POSTGRESQL,
    "mysql": MYSQL,
    "mariadb": MYSQL,
    "sqlite": SQLITE,
}
