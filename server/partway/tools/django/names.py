"""The names that Django makes up: of tables, columns, indexes and constraints.

As django.db.backends.utils (truncate_name, names_digest) and BaseDatabaseSchemaEditor._create_index_name in Django 5.2
make them; they have been the same since 1.7, but for indexes' names, which are shorter since 1.11.
"""

from __future__ import annotations

from collections.abc import Iterable

from partway.core.digests import md5

#: What a name is cut to where the backend has no limit.
_UNLIMITED = 200
_TABLE, _COLUMN = 11, 7


def digest(words: Iterable[str], length: int) -> str:
    """The first digits of the MD5 of these words together."""
    said = "".join(words).encode("utf-8", "surrogatepass")
    return str(md5(said, usedforsecurity=False).hexdigest())[:length]


def bare(identifier: str) -> str:
    """A table's name without its schema and quotes: `"audit"."log"` is how Django's users write one with a schema."""
    return identifier.rpartition('"."')[2].strip('"')


def truncated(identifier: str, limit: int, digits: int = 4) -> str:
    """A name cut to the backend's limit, 0 for none, with digits of its hash at the end."""
    schema, dot, _ = identifier.rpartition('"."')
    name = bare(identifier)
    if not limit or len(name) <= limit:
        return identifier
    return schema + dot + name[: limit - digits] + digest([name], digits)


def index_name(table: str, columns: Iterable[str], suffix: str, limit: int) -> str:
    """The name of an index or constraint on these columns."""
    columns = list(columns)
    table = bare(table)
    end = digest([table, *columns], 8) + suffix
    longest = limit or _UNLIMITED
    joined = "_".join(columns)
    name = f"{table}_{joined}_{end}"
    if len(name) <= longest:
        return name
    if len(end) > longest / 3:
        end = end[: longest // 3]
    other = (longest - len(end)) // 2 - 1
    name = f"{table[:other]}_{joined[:other]}_{end}"
    return f"D{name[:-1]}" if name[0] == "_" or name[0].isdigit() else name


def meta_index_name(table: str, columns: list[tuple[str, bool]], suffix: str) -> str:
    """The name of a `models.Index` without one: columns with whether each is descending."""
    table = bare(table)
    words = [f"-{column}" if descending else column for column, descending in columns]
    name = f"{table[:_TABLE]}_{columns[0][0][:_COLUMN]}_{digest([table, *words, suffix], 6)}_{suffix}"
    return f"D{name[1:]}" if name[0] == "_" or name[0].isdigit() else name


def engine_name(table: str, column: str, suffix: str, limit: int = 63) -> str:
    """What PostgreSQL itself calls a constraint that a column carries without a name: table_column_key, and longer
    parts cut, the longer one first (makeObjectName in its indexcmds.c)."""
    table = bare(table)
    room = limit - len(suffix) - 1 - (1 if column else 0)
    one, other = len(table.encode()), len(column.encode())
    while one + other > room:
        if one > other:
            one -= 1
        else:
            other -= 1
    parts = [table.encode()[:one].decode(errors="ignore")]
    if column:
        parts.append(column.encode()[:other].decode(errors="ignore"))
    return "_".join([*parts, suffix])
