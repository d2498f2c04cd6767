"""Migrations that the tests open, and everything else that an editor may have in a file."""

from __future__ import annotations

#: Two findings with safe fixes on MySQL, in the words of the command line's tests.
MYSQL = "CREATE TABLE a (id int) ENGINE = InnoDB;\nALTER TABLE a ADD COLUMN b int;\n"
#: goose runs it without a transaction: findings with safe fixes, up and down.
GOOSE = """-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE roles (id bigint PRIMARY KEY);
CREATE INDEX CONCURRENTLY idx_users_role ON users (role_id);
ALTER TABLE users ADD COLUMN role_id bigint;

-- +goose Down
ALTER TABLE users DROP COLUMN role_id;
DROP INDEX CONCURRENTLY idx_users_role;
DROP TABLE roles;
"""
#: An insert that fails when it is repeated: its fix is unsafe, since it may hide another row.
INSERT = (
    "CREATE TABLE IF NOT EXISTS a (id int PRIMARY KEY, n int) ENGINE = InnoDB;\n"
    "INSERT INTO a (id, n) VALUES (1, 1);\n"
    "ALTER TABLE a COMMENT 'x';\n"
)
#: Letters of one to four bytes, of one and two UTF-16 units, before and between what is found.
SCRIPTS = (
    "-- 役割テーブル 🚀 naïve\n"
    "/* 🚀🚀 */ CREATE TABLE `表🚀` (id int) ENGINE = InnoDB; /* é */ ALTER TABLE `表🚀` ADD COLUMN `列é` int;\n"
    "ALTER TABLE `表🚀` ADD COLUMN c int; -- 終わり\n"
)
#: What str.splitlines takes for line ends, and what editors do not: U+2028, U+0085, form feed, vertical tab, FS.
SEPARATORS = (
    "-- a\u2028b\x0cc\x0bd\x85e\x1cf\n"
    "CREATE TABLE a (id int) ENGINE = InnoDB; -- \u2029 \x0c\n"
    "\tALTER TABLE a ADD COLUMN b int;\n"
)
#: Half typed.
BROKEN = "CREATE TABLE a (id int ENGINE = InnoDB;\nALTER TABLE a ADD COLUMN 'b int;\nCREATE INDEX ON\n"

#: Every shape of text by a name for it. The names end up in paths.
TEXTS = {
    "mysql": MYSQL,
    "goose": GOOSE,
    "insert": INSERT,
    "scripts": SCRIPTS,
    "separators": SEPARATORS,
    "broken": BROKEN,
    "crlf": MYSQL.replace("\n", "\r\n"),
    "cr": MYSQL.replace("\n", "\r"),
    "mixed": "CREATE TABLE a (id int) ENGINE = InnoDB;\r\rALTER TABLE a\n ADD COLUMN b int;\r\n\n\rDROP TABLE c;",
    "no-final-newline": MYSQL.rstrip("\n"),
    "tabs": "\t\tCREATE TABLE a (id int) ENGINE = InnoDB;\n\t\t\tALTER TABLE a\tADD COLUMN b int;",
    "empty": "",
    "newlines": "\n\r\n\r",
    "blank": "  \t \x0c\n",
    "comments": "-- nothing\n/* here */\n",
    "bom": "\ufeff" + MYSQL,
    "nul": "CREATE TABLE a (id int) ENGINE = InnoDB;\x00\nALTER TABLE a ADD COLUMN b int;\n",
    "surrogate-neighbours": "CREATE TABLE `\U00010000\uffff\ue000` (id int) ENGINE = InnoDB;",
}


def path_of(name: str) -> str:
    """The path at which a text is a migration of a project, in a folder of its own."""
    folder = name.replace("/", "-")
    return f"{folder}/db/migrations/00001_{folder.replace('-', '_')}.sql"
