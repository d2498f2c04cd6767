"""Statements to guard: what has to be there before, the statement, and the guard that it is to get."""

from __future__ import annotations

from typing import NamedTuple

DO, PREPARED = "DO block", "PREPARE"
IF_NOT_EXISTS, IF_EXISTS, OR_REPLACE, DROP_FIRST = "IF NOT EXISTS", "IF EXISTS", "OR REPLACE", "DROP"


class Case(NamedTuple):
    """One statement (or a few) on one engine. `title` is a part of each fix's title; `fresh` says that the statement's table
    is made in the same section."""

    engine: str
    setup: str
    statement: str
    title: str
    fresh: bool = False


_ORDERS = "CREATE TABLE users (id int PRIMARY KEY, email text); CREATE TABLE orders (id int, user_id int, total int)"
_MIXED = """
CREATE SCHEMA "Im Büro"; CREATE SCHEMA other;
CREATE TABLE "Im Büro"."Größe ""x"" '1'" (id int, "Naïve" int);
CREATE TABLE other."Größe ""x"" '1'" (id int, "Naïve" int, CONSTRAINT "c k" CHECK (id > 0))
"""
_ODD = """ "Im Büro"."Größe ""x"" '1'" """.strip()

_POSTGRESQL: list[tuple[str, str, str]] = [
    # Constraints
    (_ORDERS, "ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id);", DO),
    (_ORDERS, "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;", DO),
    (_ORDERS, "ALTER TABLE orders ADD CONSTRAINT u UNIQUE (user_id), ADD CONSTRAINT pk PRIMARY KEY (id);", DO),
    (_ORDERS, "ALTER TABLE orders ADD PRIMARY KEY (id);", DO),
    (_ORDERS, "ALTER TABLE orders ADD CONSTRAINT e EXCLUDE USING btree (user_id WITH =);", DO),
    (
        _ORDERS + "; CREATE UNIQUE INDEX ready ON orders (id)",
        "ALTER TABLE orders ADD CONSTRAINT ready_pk PRIMARY KEY USING INDEX ready;",
        DO,
    ),
    (_ORDERS, "alter table orders\n  add constraint c check (total <> 3), -- not three\n  add column d text default 'a\nb';", DO),
    (_ORDERS, "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 1), ALTER COLUMN total SET NOT NULL;", DO),
    (_MIXED, f'ALTER TABLE {_ODD} ADD CONSTRAINT "c k" CHECK ("Naïve" > 0);', DO),
    # The same name on another table of another schema must not look like this one.
    (
        "CREATE SCHEMA other; CREATE TABLE other.orders (a int CONSTRAINT c CHECK (a > 0)); CREATE TABLE orders (a int)",
        "ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0);",
        DO,
    ),
    ("CREATE DOMAIN d AS int", "ALTER DOMAIN d ADD CONSTRAINT small CHECK (VALUE < 10);", DO),
    # Renames
    ("CREATE TABLE a (id int)", "ALTER TABLE a RENAME TO b;", DO),
    ('CREATE SCHEMA s; CREATE TABLE s."A" (id int); CREATE TABLE b (id int)', 'ALTER TABLE s."A" RENAME TO b;', DO),
    ("CREATE TABLE a (old int)", "ALTER TABLE a RENAME COLUMN old TO new;", DO),
    (_MIXED, f'ALTER TABLE {_ODD} RENAME "Naïve" TO "名前";', DO),
    ("CREATE TABLE a (x int CONSTRAINT old CHECK (x > 0))", "ALTER TABLE a RENAME CONSTRAINT old TO new;", DO),
    ("CREATE TABLE a (x int); CREATE INDEX old ON a (x)", "ALTER INDEX old RENAME TO new;", DO),
    ("CREATE TYPE old AS ENUM ('a')", "ALTER TYPE old RENAME TO new;", DO),
    ("CREATE TYPE pair AS (x int)", "ALTER TYPE pair RENAME ATTRIBUTE x TO y;", DO),
    ("CREATE VIEW old AS SELECT 1 AS a", "ALTER VIEW old RENAME TO new;", DO),
    ("CREATE MATERIALIZED VIEW old AS SELECT 1 AS a", "ALTER MATERIALIZED VIEW old RENAME TO new;", DO),
    ("CREATE SEQUENCE old", "ALTER SEQUENCE old RENAME TO new;", DO),
    ('CREATE SCHEMA "Old"', 'ALTER SCHEMA "Old" RENAME TO new;', DO),
    ("CREATE DOMAIN old AS int", "ALTER DOMAIN old RENAME TO new;", DO),
    # Types and their parts
    ("", "CREATE TYPE mood AS ENUM ('sad', 'it''s ok');", DO),
    ('CREATE SCHEMA "Ä"; CREATE TYPE mood AS ENUM (\'a\')', "CREATE TYPE \"Ä\".mood AS ENUM ('b');", DO),
    ("", "CREATE TYPE pair AS (x int, y int);", DO),
    ("", "CREATE TYPE span AS RANGE (subtype = float8);", DO),
    ("", "CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');", DO),
    ("CREATE TYPE pair AS (x int)", "ALTER TYPE pair ADD ATTRIBUTE y int;", DO),
    ("CREATE TYPE mood AS ENUM ('a')", "ALTER TYPE mood ADD VALUE 'b';", IF_NOT_EXISTS),
    # Words where the grammar has them
    ("", "CREATE TABLE t (id int);", IF_NOT_EXISTS),
    ("CREATE TABLE t (id int)", "create index i on t (id);", IF_NOT_EXISTS),
    ("CREATE TABLE t (id int)", "ALTER TABLE t ADD COLUMN a int, ADD b text NOT NULL DEFAULT 'x';", IF_NOT_EXISTS),
    ("CREATE TABLE t (id int, a int, b int)", "ALTER TABLE t DROP a, DROP COLUMN b CASCADE;", IF_EXISTS),
    ("CREATE TABLE t (id int); CREATE TABLE u (id int)", "DROP TABLE t, u;", IF_EXISTS),
    ("CREATE TABLE t (id int); CREATE INDEX i ON t (id)", "DROP INDEX CONCURRENTLY i;", IF_EXISTS),
    ("CREATE TABLE t (id int CONSTRAINT c CHECK (id > 0))", "ALTER TABLE t DROP CONSTRAINT c;", IF_EXISTS),
    ("CREATE TABLE t (id int CONSTRAINT c CHECK (id > 0))", "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT d CHECK (id > 1);", DO),
    ("CREATE TABLE t (id int)", "CREATE VIEW v AS SELECT id FROM t;", OR_REPLACE),
    ("", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;", OR_REPLACE),
    # Dropped first
    ("CREATE TABLE t (id int)", "CREATE POLICY p ON t USING (id > 0);", DROP_FIRST),
    (_MIXED, f'create policy "Nur Lesen" on {_ODD} for select using (true);', DROP_FIRST),
    # Partitions
    (
        "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 (id int)",
        "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (10);",
        DO,
    ),
    (
        "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)",
        "ALTER TABLE p DETACH PARTITION p1;",
        DO,
    ),
    # Beside schemas
    ("", "CREATE ROLE reader NOLOGIN;", DO),
    ("CREATE TABLE t (id int)", "CREATE PUBLICATION p FOR TABLE t;", DO),
    # An index built without blocking
    ("CREATE SCHEMA s; CREATE TABLE s.t (id int)", "CREATE INDEX CONCURRENTLY i ON s.t (id);", "INVALID"),
    ("CREATE TABLE t (id int)", "create unique index concurrently i on t (id);", "INVALID"),
    (_MIXED, f'CREATE INDEX CONCURRENTLY "Naïve i" ON {_ODD} ("Naïve");', "INVALID"),
    # Two statements, one on a line with the other, and the last without its semicolon
    ("CREATE TABLE a (x int)", "ALTER TABLE a RENAME x TO y; ALTER TABLE a ADD CONSTRAINT c CHECK (y > 0)", DO),
    ("CREATE TABLE a (x int)", "ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0) -- why\n", DO),
    ("CREATE TABLE a (x text)", "ALTER TABLE a ADD CONSTRAINT c CHECK (x <> '$partway$') /* ; */ ;", DO),
]

_NAMED: list[tuple[str, str, str]] = [
    ("CREATE TABLE t (id int, a int)", "CREATE INDEX ON t (a);", "Name it t_a_idx, add IF NOT EXISTS"),
    ("CREATE TABLE t (id int, a int)", "CREATE INDEX CONCURRENTLY ON t (a);", "Name it t_a_idx, drop the index first"),
    ("CREATE TABLE t (id int, a int)", "ALTER TABLE t ADD CHECK (a > 0), ADD UNIQUE (id, a);", "Name it t_a_check and t_id_a_key"),
    (_ORDERS, "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;", "Name it orders_user_id_fkey"),
]

_USERS = "CREATE TABLE users (id int PRIMARY KEY, email varchar(50)); CREATE TABLE orders (id int, user_id int, total int)"
_ODD_MYSQL = "CREATE TABLE `Größe ``x`` '1'` (id int, `Naïve col` int)"

_MYSQL: list[tuple[str, str, str]] = [
    (_USERS, "ALTER TABLE users ADD COLUMN note varchar(50) DEFAULT 'it''s \\'so\\' \\\\ x' COMMENT \"q\";", PREPARED),
    (_USERS, "alter table users\n  add column a int, -- it's\n  add index idx_a (a),\n  add b int;", PREPARED),
    (_USERS, "ALTER TABLE users DROP COLUMN email;", PREPARED),
    (_USERS, "CREATE INDEX idx ON users (email);", PREPARED),
    (_USERS, "CREATE UNIQUE INDEX idx ON users (email(10));", PREPARED),
    (_USERS + "; CREATE INDEX idx ON users (email)", "DROP INDEX idx ON users;", PREPARED),
    (_USERS + "; CREATE INDEX idx ON users (email)", "ALTER TABLE users RENAME INDEX idx TO idx2;", PREPARED),
    (_USERS, "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id);", PREPARED),
    (_USERS, "ALTER TABLE orders ADD CONSTRAINT chk CHECK (total > 0);", PREPARED),
    (_USERS, "ALTER TABLE orders ADD PRIMARY KEY (id);", PREPARED),
    (_USERS, "ALTER TABLE orders ADD CONSTRAINT u UNIQUE (id);", PREPARED),
    (_USERS, "ALTER TABLE users DROP PRIMARY KEY;", PREPARED),
    (_USERS, "RENAME TABLE users TO people;", PREPARED),
    (_USERS, "ALTER TABLE users RENAME TO people;", PREPARED),
    (_USERS, "ALTER TABLE users RENAME COLUMN email TO mail;", PREPARED),
    (_USERS, "ALTER TABLE users CHANGE email mail varchar(60) NOT NULL;", PREPARED),
    (_ODD_MYSQL, "ALTER TABLE `Größe ``x`` '1'` ADD COLUMN `neue Spalte` int /* it's */;", PREPARED),
    (_ODD_MYSQL, "ALTER TABLE `Größe ``x`` '1'` RENAME COLUMN `Naïve col` TO `名前`", PREPARED),
    ("", "CREATE TABLE t (id int);", IF_NOT_EXISTS),
    ("CREATE TABLE t (id int)", "DROP TABLE t;", IF_EXISTS),
    ("CREATE TABLE t (id int)", "CREATE VIEW v AS SELECT id FROM t;", OR_REPLACE),
    ("", "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND//\nDELIMITER ;\n", ""),
    ("CREATE TABLE t (id int)", "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1;", ""),
]

_MARIADB: list[tuple[str, str, str]] = [
    (_USERS, "ALTER TABLE users ADD COLUMN note varchar(50), ADD INDEX idx (email);", IF_NOT_EXISTS),
    (_USERS, "ALTER TABLE users DROP COLUMN email;", IF_EXISTS),
    (_USERS, "CREATE INDEX idx ON users (email);", IF_NOT_EXISTS),
    (_USERS + "; CREATE INDEX idx ON users (email)", "DROP INDEX idx ON users;", IF_EXISTS),
    (_USERS, "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id);", ""),
    (_USERS, "ALTER TABLE orders ADD CONSTRAINT chk CHECK (total > 0);", ""),
    (_USERS, "ALTER TABLE orders ADD CONSTRAINT u UNIQUE (id);", ""),
    (_USERS, "ALTER TABLE orders ADD PRIMARY KEY (id);", ""),
    (_USERS, "RENAME TABLE users TO people;", ""),
    (_USERS, "ALTER TABLE users RENAME COLUMN email TO mail;", ""),
    (_USERS, "ALTER TABLE users CHANGE email mail varchar(60) NOT NULL;", ""),
    (_ODD_MYSQL, "ALTER TABLE `Größe ``x`` '1'` ADD COLUMN `neue Spalte` int /* it's */;", IF_NOT_EXISTS),
    ("CREATE TABLE t (id int)", "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1;", ""),
    ("", "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\nEND//\nDELIMITER ;\n", ""),
]

CASES = [
    *(Case(engine, *case) for engine in ("postgresql18", "postgresql15") for case in _POSTGRESQL),
    *(Case(engine, *case, fresh=True) for engine in ("postgresql18", "postgresql15") for case in _NAMED),
    *(Case("mysql", *case) for case in _MYSQL),
    Case("mysql", "CREATE TABLE t (a int)", "ALTER TABLE t ADD INDEX (a), ADD UNIQUE (a);", "Name it a and a_2", fresh=True),
    *(Case("mariadb", *case) for case in _MARIADB),
]
