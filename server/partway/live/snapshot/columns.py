"""Rows of information_schema about columns and index parts, in the words of postconditions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from partway.sql.table_said import TABLE_OPTIONS

#: Types whose defaults MySQL shows as they are written; of all others it shows the bare text.
_NUMERIC = re.compile(r"(tiny|small|medium|big)?int|decimal|float|double|bit|year", re.IGNORECASE)
_SHOWN_AS_CODE = {"mysql": False, "mariadb": True}


def column(
    dialect: str,
    type_: str,
    nullable: str,
    default: str | None,
    extra: str,
    generation: str | None,
    comment: str,
    collation: str | None,
) -> dict[str, str | None]:
    """A column's attributes."""
    extra = (extra or "").lower()
    return {
        "type": type_,
        "nullable": "yes" if nullable == "YES" else "no",
        "default": "" if generation else _default(dialect, type_, default, extra),
        "identity": "yes" if "auto_increment" in extra else "no",
        "generated": generation or "",
        "comment": comment or "",
        "collation": collation or "",
        "on-update": "yes" if "on update" in extra else "no",
        "visible": "no" if "invisible" in extra.split() else "yes",
    }


def table_options(shown: str) -> dict[str, str | None]:
    """A table's options of storage from `row_format=DYNAMIC max_rows=10`: those that were said, the others empty."""
    found: dict[str, str | None] = dict.fromkeys(TABLE_OPTIONS, "")
    for name, _, value in (word.lower().partition("=") for word in shown.split()):
        if name in found:
            found[name] = value
    return found


def _default(dialect: str, type_: str, default: str | None, extra: str) -> str:
    """The default as SQL: MariaDB shows it so, MySQL shows constants without their quotes."""
    if default is None or (_SHOWN_AS_CODE[dialect] and default.upper() == "NULL"):
        return ""
    if (
        _SHOWN_AS_CODE[dialect]
        or "default_generated" in extra
        or default.upper().startswith("CURRENT_TIMESTAMP")
    ):
        return default
    if _NUMERIC.match(type_):
        return default
    return "'" + default.replace("\\", "\\\\").replace("'", "''") + "'"


def index_columns(
    parts: Iterable[tuple[str | None, int | None, str | None, str | None]],
) -> dict[str, str | None]:
    """`columns` and `keys` of an index from its parts: name, prefix length, `D` for descending, expression."""
    names, keys = [], []
    for name, prefix, direction, expression in parts:
        said = name if name is not None else f"({expression})"
        names.append(said)
        keys.append(f"{said}{f'({prefix})' if prefix else ''}{' desc' if direction == 'D' else ''}")
    return {"columns": ", ".join(names), "keys": ", ".join(keys)}
