"""Signs of a database in a path and in a text: what tells a file's dialect when nobody has said it."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from partway.tools.place import place

#: Words in a path, and drivers and schemes in settings, with the dialect they mean.
WORDS = {
    **dict.fromkeys(
        (
            "postgresql",
            "postgres",
            "pg",
            "pgsql",
            "psql",
            "postgis",
            "pgx",
            "pgx5",
            "pgvector",
            "timescaledb",
        ),
        "postgresql",
    ),
    **dict.fromkeys(("mysql", "mysql2", "mysql5", "mysql8", "percona"), "mysql"),
    "mariadb": "mariadb",
    **dict.fromkeys(("sqlite", "sqlite3", "libsql", "turso"), "sqlite"),
}
#: Databases that Partway has no dialect for. Cockroach speaks PostgreSQL's language but changes schemas in the
#: background, outside of transactions, so PostgreSQL's verdicts would be false for it.
FOREIGN = {
    **dict.fromkeys(("cockroach", "cockroachdb", "crdb", "cockroach"), "cockroach"),
    **dict.fromkeys(("mssql", "sqlserver", "tsql"), "sqlserver"),
    **{
        word: word
        for word in (
            "cassandra",
            "clickhouse",
            "db2",
            "derby",
            "duckdb",
            "firebird",
            "h2",
            "hsqldb",
            "oracle",
            "redshift",
            "scylla",
            "snowflake",
            "spanner",
            "sybase",
            "tidb",
            "vertica",
            "yugabyte",
            "yugabytedb",
        )
    },
}
_WORD = re.compile(r"[a-z]+[0-9]*")
# A migration with a folder of its own: its name is a description, and may speak of any database.
_NUMBERED = re.compile(r"v?\d[\d\-_.]*([_\-.]|$)")
_DIRECTION = frozenset({"up", "down", "do", "undo", "autocommit", "rollback"})


def dialect_of_path(path: str) -> str | None:
    """The dialect that a path speaks of, in the part nearest to the file; None for none, and for a foreign database."""
    word = _word_in(path)
    return WORDS.get(word) if word else None


def foreign_to(path: str) -> str:
    """The database that a path speaks of and Partway has no dialect for; empty where there is none."""
    word = _word_in(path)
    return FOREIGN.get(word, "") if word else ""


@lru_cache(maxsize=256)
def _word_in(path: str) -> str | None:
    """The word nearest to the file that names a database: in the dotted parts of its name (`1_users.mysql.up.sql`), as
    its whole name (`sqlite.sql`), or in a folder's name (`migration_postgres`)."""
    here = place(path)
    parts = here.name.lower().split(".")[:-1]
    for part in reversed(parts if len(parts) == 1 else parts[1:]):
        if part not in _DIRECTION and (part in WORDS or part in FOREIGN):
            return part
    return _word_of_folders(here.folders)


@lru_cache(maxsize=4096)
def _word_of_folders(folders: tuple[str, ...]) -> str | None:
    for at in range(len(folders) - 1, -1, -1):
        folder = folders[at]
        if _NUMBERED.match(folder):
            continue
        for match in _WORD.finditer(folder):
            word: str = match[0]
            if word in WORDS:
                return word
            # An oracle, a derby or a spanner can be what the program is about.
            if word in FOREIGN and (word == folder or "migrat" in folder) and _vendor_place(folders, at):
                return word
    return None


def _vendor_place(folders: tuple[str, ...], at: int) -> bool:
    """Whether this folder is one of several beside each other, one a database: it lies below a folder of migrations."""
    word = folders[at]
    if word not in ("oracle", "derby", "spanner", "h2", "db2"):
        return True
    return any("migrat" in folder or folder in ("db", "sql", "database", "schema") for folder in folders[:at])


# Comments, strings and quoted names come first, so that words in them count for nothing. An executable comment of
# MySQL's is no comment. Of the groups that follow, the first one that matches anywhere decides. All are matched
# against the text in capitals: without IGNORECASE the machine sees by a sign's first letter that it is not there,
# which makes a fivefold difference to an editor with each key.
# Each alternative begins with a letter of its own, so that the machine leaps from one such letter to the next.
_SKIPPED = re.compile(r"--[^\n]*|/\*(?![!M]).*?\*/|'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"", re.DOTALL)
#: Signs that begin with the beginning of a word.
_WORD_SIGNS = {
    "mariadb": r"WITH\s+SYSTEM\s+VERSIONING\b|CREATE\s+OR\s+REPLACE\s+TABLE\b",
    "foreign": r"DBO\b\]?\.|NVARCHAR\s*\(|VARCHAR2\b|IDENTITY\s*\(\s*\d+\s*,|UNIQUEIDENTIFIER\b|NUMBER\s*\(\s*\d+",
    "sqlite": r"AUTOINCREMENT\b|PRAGMA\b|WITHOUT\s+ROWID\b|SQLITE_(?:MASTER|SCHEMA|SEQUENCE)\b|STRFTIME\b",
    "mysql": r"AUTO_INCREMENT\b|ENGINE\s*=(?!\s*\w*MERGETREE)|(?:INT|BIGINT|SMALLINT)(?:\(\d+\))?\s+UNSIGNED\b"
    r"|TINYINT\s*\(|(?:MEDIUM|LONG)(?:TEXT|BLOB)\b|DEFAULT\s+CHARSET\b|CHARACTER\s+SET\b|DELIMITER\b"
    r"|MODIFY\s+(?:COLUMN\b|`)|CHANGE\s+(?:COLUMN\b|`)|DATETIME\s*\(\d\)|ON\s+UPDATE\s+CURRENT_TIMESTAMP\b"
    r"|ADD\s+(?:UNIQUE\s+)?KEY\b|FOREIGN_KEY_CHECKS\b|DROP\s+FOREIGN\s+KEY\b",
    "postgresql": r"PLPGSQL\b|JSONB\b|(?:BIG|SMALL)?SERIAL\b|TIMESTAMPTZ\b|BYTEA\b"
    r"|TIMESTAMP(?:\s*\(\d\))?\s+WITH(?:OUT)?\s+TIME\s+ZONE\b|CREATE\s+(?:EXTENSION|TYPE|DOMAIN|POLICY|SEQUENCE)\b"
    r"|CONCURRENTLY\b|GEN_RANDOM_UUID\b|UUID_GENERATE_V\d|USING\s+(?:GIN|GIST|BRIN|HASH)\b|OWNER\s+TO\b"
    r"|NOT\s+VALID\b|PG_\w+\b|CHARACTER\s+VARYING\b|NEXTVAL\b|TEXT\s*\[\]|ROW\s+LEVEL\s+SECURITY\b"
    r"|ALTER\s+(?:COLUMN\s+)?\S+\s+(?:SET\s+DATA\s+)?TYPE\b|ALTER\s+TABLE\s+ONLY\b|REFRESH\s+MATERIALIZED\b"
    r"|CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\b[^;]*?\bLANGUAGE\b|ALTER\s+TYPE\b|ON\s+CONFLICT\b(?=[^;]*\bEXCLUDED\.)",
}
#: Signs that may stand anywhere.
_OTHER_SIGNS = {
    "mariadb": r"/\*M!",
    "foreign": r"^GO\s*$|MERGETREE\b",
    "mysql": r"/\*!\d{5}",
    "postgresql": r"\$\w*\$|::\s*[A-Z_]",
    "backtick": r"`\w",
}
_READ = 32 * 1024


def dialect_of_text(text: str) -> str | None:
    """The dialect whose own words a text uses; None where it uses none, or words of a foreign one.

    Only the first 32 KiB are looked at. A backtick alone is MySQL's (SQLite takes it, few write it there).
    """
    found = sign_in(text)
    return None if found == "foreign" else found


#: Every sign has one of these in it. Looking for them takes a fraction of the time that the patterns take, and a text
#: without any is what an editor sends with each key.
_TELLING = (
    "$", "::", "`", "/*!", "/*M!", "[]", "\nGO", "SYSTEM", "REPLACE", "DBO", "NVARCHAR", "VARCHAR2", "IDENTITY",
    "MERGETREE", "UNIQUEIDENTIFIER", "NUMBER", "AUTOINCREMENT", "PRAGMA", "ROWID", "SQLITE_", "STRFTIME",
    "AUTO_INCREMENT", "ENGINE", "UNSIGNED", "TINYINT", "MEDIUM", "LONG", "CHARSET", "CHARACTER", "DELIMITER",
    "MODIFY", "CHANGE", "DATETIME", "CURRENT_TIMESTAMP", "FOREIGN_KEY_CHECKS", "PLPGSQL", "JSONB", "SERIAL",
    "TIMESTAMPTZ", "BYTEA", "CONCURRENTLY", "GEN_RANDOM_UUID", "UUID_GENERATE_V", "PG_", "VARYING", "NEXTVAL",
    "SECURITY", "TYPE", "REFRESH", "FUNCTION", "CONFLICT",
)  # fmt: skip
#: The same for signs of two words, which stand apart by any space there is.
_TELLING_PAIRS = (
    "ADD KEY", "ADD UNIQUE", "DROP FOREIGN", "TIME ZONE", "CREATE EXTENSION", "CREATE TYPE", "CREATE DOMAIN",
    "CREATE POLICY", "CREATE SEQUENCE", "USING GIN", "USING GIST", "USING BRIN", "USING HASH", "OWNER TO",
    "NOT VALID", "TABLE ONLY",
)  # fmt: skip


def sign_in(text: str) -> str | None:
    """As `dialect_of_text`, with "foreign" for the words of a database that Partway has no dialect for."""
    return _sign_in(text[:_READ])


@lru_cache(maxsize=16)
def _sign_in(text: str) -> str | None:
    upper = "\n" + text.upper()  # for GO at the beginning
    if not any(word in upper for word in _TELLING):
        spaced = " ".join(upper.split())
        if not any(pair in spaced for pair in _TELLING_PAIRS):
            return None
    backtick = False
    # No sign goes beyond the end of a statement. Of the statements an editor's key has changed one.
    for statement in _SKIPPED.sub(_emptied, upper).split(";"):
        found = _sign_in_statement(statement)
        if found == "backtick":
            backtick = True
        elif found is not None:
            return found
    return "mysql" if backtick else None


def _emptied(skipped: re.Match[str]) -> str:
    """What is left of a comment, a string or a quoted name: a word has stood there, or nothing."""
    return "''" if skipped[0][0] in "'\"" else " "


@lru_cache(maxsize=256)
def _sign_in_statement(statement: str) -> str | None:
    """The first sign in a statement without comments and strings; "backtick" only where there is no other."""
    found = None
    for match in _pattern().finditer(statement):
        if match.lastgroup != "backtick":
            return match.lastgroup
        found = "backtick"
    return found


_FOREIGN_WORDS = (
    "DBO.",
    "DBO]",
    "NVARCHAR",
    "VARCHAR2",
    "IDENTITY(",
    "IDENTITY (",
    "MERGETREE",
    "UNIQUEIDENTIFIER",
    "NUMBER(",
    "NUMBER (",
    "\nGO",
)


def is_foreign(text: str) -> bool:
    """Whether a text uses the words of a database that Partway has no dialect for, and before any of a dialect."""
    upper = text[:_READ].upper()
    return any(word in upper for word in _FOREIGN_WORDS) and sign_in(text) == "foreign"


@cache
def _pattern() -> re.Pattern[str]:
    signs = []
    for name in ("mariadb", "foreign", "sqlite", "mysql", "postgresql", "backtick"):
        words = [rf"\b(?:{_WORD_SIGNS[name]})"] if name in _WORD_SIGNS else []
        others = [_OTHER_SIGNS[name]] if name in _OTHER_SIGNS else []
        signs.append(f"(?P<{name}>{'|'.join(others + words)})")
    return re.compile("|".join(signs), re.DOTALL | re.MULTILINE)
