"""Rails's column types as each database gets them, and defaults as SQL.

As ActiveRecord's type_to_sql and quote_default_expression do it, 4.2 to 8.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from partway.tools.rails.adapters import ADAPTERS, Adapter
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
_PRECISE = frozenset(("datetime", "timestamp", "timestamptz", "time", "interval"))
_SIZED = frozenset(("string", "binary", "bit", "bit_varying", "float"))
_LONG = frozenset(("text", "blob", "binary"))
_KNOWN = COMMON.union(*(each.types for each in ADAPTERS.values()))


def is_type(name: str, adapter: Adapter) -> bool:
    """Whether a table definition has a method of this name for a column."""
    return (
        name in COMMON or name in adapter.types or name in ("unsigned_integer", "unsigned_bigint", "tinyint")
    )


def known(name: str) -> bool:
    """Whether any adapter has a type of this name."""
    return name in _KNOWN or name.startswith("unsigned_")


def sql_type(adapter: Adapter, type_: Value, options: Mapping[str, Value]) -> str:
    """The type that is sent through this adapter for a Rails type with these options; empty where it cannot be told."""
    if not isinstance(type_, str):
        return ""
    limit, precision, scale = options.get("limit"), options.get("precision"), options.get("scale")
    if limit is UNKNOWN or precision is UNKNOWN or scale is UNKNOWN or options.get("array") is UNKNOWN:
        return ""
    if type_ == "virtual":
        return sql_type(adapter, options.get("type"), options)
    if type_.startswith("unsigned_"):
        type_, options = type_.removeprefix("unsigned_"), {**options, "unsigned": True}
    if type_ == "enum" and adapter.native_enums:
        said = options.get("enum_type")
        found = said if isinstance(said, str) else ""
    else:
        found = _native(adapter, type_, limit, options.get("size"))
    if type_ in ("decimal", "numeric") and isinstance(precision, int):
        found += f"({precision},{scale})" if isinstance(scale, int) else f"({precision})"
    elif type_ in _PRECISE and isinstance(precision, int):
        found += f"({precision})"
    if found and options.get("array"):
        found += "[]"
    if found and options.get("unsigned"):
        found += " unsigned"
    return found


def _native(adapter: Adapter, type_: str, limit: Value, size: Value) -> str:
    found = adapter.types.get(type_, type_)
    if type_ in adapter.unlimited:
        return found
    if type_ in adapter.limits:
        return f"{found}({limit if isinstance(limit, int) else adapter.limits[type_]})"
    if isinstance(limit, int):
        if type_ == "integer" and adapter.integers:
            return next((name for most, name in adapter.integers if limit <= most), adapter.integers[-1][1])
        if type_ == "binary" and adapter.sizes and limit <= 0xFFF:
            return f"varbinary({limit})"
        if type_ in _LONG and adapter.sizes:
            return next((name + found for most, name in adapter.sizes if limit <= most), found)
    elif type_ in _LONG and adapter.sizes and isinstance(size, str):
        return f"{size}{found}"
    return _sized(found, type_, limit)


def _sized(found: str, type_: str, limit: Value) -> str:
    if isinstance(limit, int) and not isinstance(limit, bool) and (type_ in _SIZED or type_ not in COMMON):
        return f"{found}({limit})"
    if isinstance(limit, int) and found in ("integer", "text") and type_ in ("integer", "text"):
        return f"{found}({limit})"  # SQLite
    return found


def literal(adapter: Adapter, value: Value, type_: str) -> str | None:
    """A default as it stands in SQL; None where it cannot be told."""
    if value is None:
        return None
    if isinstance(value, Code):
        return value.text or None
    if isinstance(value, bool):
        return adapter.booleans[value]
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
