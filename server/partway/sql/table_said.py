"""The options that CREATE TABLE and ALTER TABLE of MySQL and MariaDB say of a table, of which the catalog tells; what
CREATE TABLE of SQLite says."""

from __future__ import annotations

from partway.dialects.dialect import Dialect
from partway.sql.cursor import Cursor, Unread
from partway.sql.lexer import PUNCT, STRING, lex
from partway.sql.partitions import counted_partitions

#: Options that tables show as they were said, and not at all where they were not.
TABLE_OPTIONS = (
    *(
        "row_format",
        "key_block_size",
        "max_rows",
        "min_rows",
        "avg_row_length",
        "checksum",
        "delay_key_write",
    ),
    *("pack_keys", "stats_persistent", "stats_auto_recalc", "stats_sample_pages"),
)
#: What CREATE TABLE and ALTER TABLE of MySQL say of a table as a whole.
SAID_OF_TABLES = frozenset(("engine", "comment", "charset", "collation", *TABLE_OPTIONS))
#: Engines by other names than the catalog has.
_ENGINES = {"heap": "memory", "merge": "mrg_myisam", "ndb": "ndbcluster"}
#: What ends the options.
_BEHIND = frozenset({"PARTITION", "AS", "SELECT", "ORDER"})


def said_of_mysql(cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """What stands behind the columns of CREATE TABLE: options, and whether there are partitions; the cursor stays."""
    at = cursor.find("PARTITION")
    parts = at >= 0 and cursor.part(at, cursor.count).word(1) == "BY"
    parted = (("partitioned", "yes"),) if parts else ()
    return (*table_said(cursor).items(), *(counted_partitions(cursor) or parted))


def said_in(options: str, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """The same of options that a migration writes as a text of their own, to be sent behind the columns; nothing where
    they cannot be read."""
    try:
        return said_of_mysql(Cursor(options, lex(options, dialect.lexis).tokens, dialect))
    except Unread:
        return ()


def table_said(cursor: Cursor) -> dict[str, str]:
    """The options from here on that are known, what else is said passed over; the cursor stays."""
    said: dict[str, str] = {}
    part = cursor.part(cursor.i, cursor.count)
    while not part.done and part.word() not in _BEHIND:
        name = _option(part)
        part.accept("=")
        if not name:
            if not part.skip_parentheses():
                part.i += 1
        elif part.kind() not in (0, PUNCT) and (name != "comment" or part.kind() == STRING):
            value = part.said(part.i, part.i + 1)
            part.i += 1
            if "${" not in value:
                said[name] = value if name == "comment" else value.strip("'\"`").lower()
    if "engine" in said:
        said["engine"] = _ENGINES.get(said["engine"], said["engine"])
    if said.get("charset") == "default":
        said.pop("charset")
        said.pop("collation", None)
    return said


def _option(part: Cursor) -> str:
    """The option whose words stand here, stepping over them; empty (and no step) where none does."""
    if part.accept("CHARACTER", "SET") or part.accept("CHARSET"):
        return "charset"
    if part.accept("COLLATE"):
        return "collation"
    word = part.word().lower()
    if word not in ("engine", "comment", *TABLE_OPTIONS):
        return ""
    part.i += 1
    return word


def said_of_sqlite(cursor: Cursor, *, virtual: bool) -> tuple[tuple[str, str], ...]:
    """What makes a virtual table, or what stands behind the columns of another one; the cursor stays."""
    part = cursor.part(cursor.i, cursor.count)
    if virtual:
        module = (part.maybe_identifier() or "") if part.accept("USING") else ""
        first = part.i
        part.skip_parentheses()
        arguments = part.said(first + 1, part.i - 1) if part.i > first else ""
        return (("module", module.lower()), ("module-arguments", arguments)) if module else ()
    words = [token[3] for token in part.tokens[part.i : part.count]]
    strict = (("strict", "yes"),) if "STRICT" in words else ()
    return (*strict, ("without-rowid", "yes")) if "WITHOUT" in words else strict
