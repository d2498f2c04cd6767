"""Rails's column types as each database gets them, and defaults as SQL: one table per dialect.

Read in ActiveRecord's adapters (NATIVE_DATABASE_TYPES, type_to_sql), 4.2 to 8.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from partway.tools.rails.values import UNKNOWN, Code, Value

#: Types that every adapter knows by these names, where it does not call them otherwise.
COMMON = frozenset(
    [
        "bigint",
        "binary",
        "blob",
        "boolean",
        "date",
        "datetime",
        "decimal",
        "float",
        "integer",
        "json",
        "numeric",
        "string",
        "text",
        "time",
        "timestamp",
        "virtual",
    ]
)
_POSTGRESQL = {
    "primary_key": "bigserial primary key", "string": "character varying", "binary": "bytea", "blob": "bytea",
    "bit_varying": "bit varying", "datetime": "timestamp", "numeric": "decimal",
    **{
        name: name
        for name in (
            "bigint", "bigserial", "bit", "boolean", "box", "cidr", "circle", "citext", "date", "daterange",
            "decimal", "enum", "float", "hstore", "inet", "integer", "int4range", "int8range", "interval",
            "json", "jsonb", "line", "lseg", "ltree", "macaddr", "money", "numrange", "oid", "path", "point",
            "polygon", "serial", "text", "time", "timestamp", "timestamptz", "tsrange", "tstzrange", "tsvector",
            "uuid", "xml"
        )
    },
}  # fmt: skip
_MYSQL = {
    "primary_key": "bigint auto_increment primary key", "string": "varchar", "integer": "int", "binary": "blob",
    "numeric": "decimal",
    **{
        name: name
        for name in (
            "bigint", "blob", "boolean", "date", "datetime", "decimal", "float", "json", "longblob", "longtext",
            "mediumblob", "mediumtext", "text", "time", "timestamp", "tinyblob", "tinytext"
        )
    },
}  # fmt: skip
_SQLITE = {
    "primary_key": "integer primary key autoincrement", "string": "varchar", "binary": "blob", "blob": "blob",
    "numeric": "decimal", "timestamp": "datetime",
    **{
        name: name
        for name in (
            "bigint", "boolean", "date", "datetime", "decimal", "float", "integer", "json", "text", "time"
        )
    },
}  # fmt: skip
_NATIVE: Mapping[str, Mapping[str, str]] = {
    "postgresql": _POSTGRESQL,
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "sqlite": _SQLITE,
}
_PRECISE = frozenset(("datetime", "timestamp", "timestamptz", "time", "interval"))
_SIZED = frozenset(("string", "binary", "bit", "bit_varying", "float"))
#: The sizes of MySQL's texts and blobs by their limit in bytes.
_SIZES = ((0xFF, "tiny"), (0xFFFF, ""), (0xFFFFFF, "medium"), (0xFFFFFFFF, "long"))
#: Since this version datetimes have a precision of 6 unless told otherwise.
PRECISE_SINCE = (7, 0)


def is_type(name: str, dialect: str) -> bool:
    """Whether a table definition has a method of this name for a column."""
    return (
        name in COMMON
        or name in _NATIVE[dialect]
        or name in ("unsigned_integer", "unsigned_bigint", "tinyint")
    )


def known(name: str) -> bool:
    """Whether any adapter has a type of this name."""
    return name in _POSTGRESQL or name in _MYSQL or name in COMMON or name.startswith("unsigned_")


def sql_type(dialect: str, type_: Value, options: Mapping[str, Value]) -> str:
    """The type that is sent to this dialect for a Rails type with these options; empty where it cannot be told."""
    if not isinstance(type_, str):
        return ""
    limit, precision, scale = options.get("limit"), options.get("precision"), options.get("scale")
    if limit is UNKNOWN or precision is UNKNOWN or scale is UNKNOWN or options.get("array") is UNKNOWN:
        return ""
    if type_ == "virtual":
        return sql_type(dialect, options.get("type"), options)
    if type_.startswith("unsigned_"):
        type_, options = type_.removeprefix("unsigned_"), {**options, "unsigned": True}
    if type_ == "enum" and dialect == "postgresql":
        said = options.get("enum_type")
        found = said if isinstance(said, str) else ""
    elif dialect == "postgresql":
        found = _postgresql(type_, limit)
    elif dialect == "sqlite":
        found = _sized(_SQLITE.get(type_) or type_, type_, limit)
    else:
        found = _mysql(type_, limit, options.get("size"))
    if type_ in ("decimal", "numeric") and isinstance(precision, int):
        found += f"({precision},{scale})" if isinstance(scale, int) else f"({precision})"
    elif type_ in _PRECISE and isinstance(precision, int):
        found += f"({precision})"
    if found and options.get("array"):
        found += "[]"
    if found and options.get("unsigned"):
        found += " unsigned"
    return found


def _postgresql(type_: str, limit: Value) -> str:
    if type_ == "integer" and isinstance(limit, int):
        return "smallint" if limit <= 2 else "bigint" if limit > 4 else "integer"
    if type_ in ("text", "binary"):
        return _POSTGRESQL[type_]
    return _sized(_POSTGRESQL.get(type_, type_), type_, limit)


def _mysql(type_: str, limit: Value, size: Value) -> str:
    if type_ == "string":
        return f"varchar({limit if isinstance(limit, int) else 255})"
    if type_ == "integer":
        return _integer(limit) if isinstance(limit, int) else "int"
    if type_ == "boolean":
        return "tinyint(1)"
    if type_ == "float":
        return f"float({limit if isinstance(limit, int) else 24})"
    if type_ == "binary" and isinstance(limit, int) and limit <= 0xFFF:
        return f"varbinary({limit})"
    if type_ in ("text", "blob", "binary"):
        base = "text" if type_ == "text" else "blob"
        if isinstance(limit, int):
            return next((name + base for most, name in _SIZES if limit <= most), base)
        return f"{size}{base}" if isinstance(size, str) else base
    return _sized(_MYSQL.get(type_, type_), type_, limit)


def _integer(limit: int) -> str:
    names = {1: "tinyint", 2: "smallint", 3: "mediumint"}
    return names.get(limit, "int" if limit <= 4 else "bigint")


def _sized(found: str, type_: str, limit: Value) -> str:
    if isinstance(limit, int) and not isinstance(limit, bool) and (type_ in _SIZED or type_ not in COMMON):
        return f"{found}({limit})"
    if isinstance(limit, int) and found in ("integer", "text") and type_ in ("integer", "text"):
        return f"{found}({limit})"  # SQLite
    return found


def literal(dialect: str, value: Value, type_: str) -> str | None:
    """A default as it stands in SQL; None where it cannot be told."""
    if value is None:
        return None
    if isinstance(value, Code):
        return value.text or None
    if isinstance(value, bool):
        words = ("1", "0") if dialect == "sqlite" else ("TRUE", "FALSE")
        return words[0] if value else words[1]
    if isinstance(value, int):
        if type_ in ("decimal", "numeric", "float"):
            return f"{value}.0"
        return f"'{value}'" if type_ in ("string", "text") else str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str) and type_ in ("string", "text", "citext", "enum", "inet"):
        return "'" + value.replace("'", "''") + "'"
    if (
        isinstance(value, (dict, list))
        and not value
        and type_ in ("json", "jsonb", "hstore", "string", "text", "uuid")
    ):
        return "'{}'" if isinstance(value, dict) or type_ not in ("json", "jsonb") else "'[]'"
    return None
