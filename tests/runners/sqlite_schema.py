"""SQLite's share of `read_schema`: it keeps the text of CREATE, and names of constraints are found there alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.engines.lab import Session

Row = tuple[str, str]

_MASTER = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master WHERE name <> 'sqlite_sequence'"
_CONSTRAINT = re.compile(r"(CONSTRAINT|CHECK|FOREIGN|UNIQUE|PRIMARY)\b", re.I)
_NAMED = re.compile(r"""\bCONSTRAINT\s+("(?:[^"]|"")+"|`[^`]+`|\w+)\s+(.*)""", re.I | re.S)


def elements(sql: str) -> list[str]:
    """What stands in the brackets of a CREATE TABLE: columns in their order, then constraints, then what follows.

    The order of constraints says nothing, and a tool that makes a table anew may change it.
    """
    inner, rest = _brackets(sql)
    found = [" ".join(element.split()) for element in inner]
    constraints = sorted(element for element in found if _CONSTRAINT.match(element))
    columns = [element for element in found if not _CONSTRAINT.match(element)]
    return [*columns, *constraints, *filter(None, [rest.strip()])]


def _brackets(sql: str) -> tuple[list[str], str]:
    """The elements between the first bracket and its partner, and the text after that."""
    found, depth, quote, start = [], 0, "", 0
    for position, character in enumerate(sql):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"`":
            quote = character
        elif character == "(":
            depth += 1
            start = position + 1 if depth == 1 else start
        elif depth == 1 and character in ",)":
            found.append(sql[start:position])
            start = position + 1
            if character == ")":
                return found, sql[start:]
        elif character == ")":
            depth -= 1
    return found, ""


def read_sqlite(session: Session) -> list[Row]:
    """The rows of a `Schema`."""
    found: list[Row] = []
    for kind, name, table, sql in session.run(_MASTER):
        if kind == "table":
            found += _table(session, str(name), str(sql))
        elif kind == "index":
            found.append((f"index {table}.{name}", _index(session, str(table), str(name), str(sql))))
        else:
            found.append((f"{kind} {name}", str(sql)))
    return found


def _table(session: Session, table: str, sql: str) -> Iterator[Row]:
    yield f"table {table}", ""
    for _, column, kind, not_null, default, key, hidden in session.run(
        f"SELECT * FROM pragma_table_xinfo({_literal(table)})"
    ):
        words = [str(kind), "not null" if not_null else ""]
        words += [f"default {default}" if str(default or "NULL").upper() != "NULL" else ""]
        words += [f"key {key}" if key else "", "generated" if hidden else ""]
        yield f"column {table}.{column}", " ".join(filter(None, words))
    # Two of one name, or two keys on the same columns, are one more than there should be: both are told.
    constraints: dict[str, list[str]] = {}
    for columns, text in _foreign_keys(session, table):
        constraints.setdefault(columns, []).append(text)
    for element in elements(sql):
        if match := _NAMED.search(element):
            name = match[1].strip('"`').replace('""', '"')
            constraints.setdefault(name, []).append(match[2])
        elif element.upper().startswith("CHECK"):
            constraints.setdefault("check", []).append(element)
    for name, texts in constraints.items():
        yield f"constraint {table}.{name}", "; ".join(sorted(texts))


def _foreign_keys(session: Session, table: str) -> Iterator[Row]:
    keys: dict[object, list[tuple[object, ...]]] = {}
    for row in session.run(f"SELECT * FROM pragma_foreign_key_list({_literal(table)})"):
        keys.setdefault(row[0], []).append(row)
    for rows in keys.values():
        columns = ", ".join(str(row[3]) for row in rows)
        target = ", ".join(str(row[4] or "its key") for row in rows)
        yield (
            columns,
            f"foreign key references {rows[0][2]} ({target}) on delete {rows[0][6]} on update {rows[0][5]}",
        )


def _index(session: Session, table: str, name: str, sql: str) -> str:
    columns = session.run(
        "SELECT coalesce(name, 'expression') || iif(\"desc\", ' desc', '')"
        f" FROM pragma_index_xinfo({_literal(name)}) WHERE key"
    )
    unique = session.run(
        f'SELECT "unique" FROM pragma_index_list({_literal(table)}) WHERE name = {_literal(name)}'
    )[0][0]
    where = re.search(r"\)\s*(WHERE\s.*)\Z", sql, re.I | re.S)
    text = ("unique (" if unique else "(") + ", ".join(str(column) for (column,) in columns) + ")"
    expression = sql.partition("(")[2] if "expression" in text else ""
    return " ".join(filter(None, (text, where[1] if where else "", expression)))


def _literal(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
