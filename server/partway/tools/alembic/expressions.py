"""SQLAlchemy's expressions to SQL: defaults, conditions, values. What cannot be read is a hole."""

from __future__ import annotations

from partway.tools.alembic.flavours import Flavour
from partway.tools.embedded import HOLE
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, Formula, Member, path

_TEXT_NAMES = frozenset(("text", "literal_column", "TextClause", "DDL"))
_OPERATORS = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "&": "AND", "|": "OR"}
_METHODS = {"is_": "IS", "isnot": "IS NOT", "is_not": "IS NOT", "like": "LIKE", "ilike": "ILIKE"}
_DEEPEST = 20
#: An expression that nobody can read: a function that nobody has, so that nothing is concluded from it.
UNTOLD = f"{HOLE}()"


def textual(value: object) -> Text | None:
    """The string of SQL in a value: a plain one, or `sa.text(...)`, with or without bound parameters."""
    for _ in range(_DEEPEST):
        if isinstance(value, Text):
            return value
        if not isinstance(value, Call):
            return None
        if value.name in ("bindparams", "execution_options", "columns"):
            value = value.receiver
        elif is_text(value):
            value = value.get("text", 0)
        else:
            return None
    return None


def is_text(value: object) -> bool:
    """Whether a value is SQL in a string of SQLAlchemy's: `sa.text("now()")`."""
    return isinstance(value, Call) and value.name in _TEXT_NAMES and value.path.startswith("sqlalchemy")


def literal(value: str) -> str:
    """A string of SQL."""
    return "'" + value.replace("'", "''") + "'"


def default(value: object, flavour: Flavour) -> str:
    """What follows DEFAULT for a `server_default`; a hole where nobody knows."""
    if isinstance(value, Text):
        return literal(str(value)) if value.known else UNTOLD
    if isinstance(value, bool) or value is None:
        return UNTOLD
    said = expression(value, flavour)
    is_function = isinstance(value, Call) and value.path.startswith(
        ("sqlalchemy.func.", "sqlalchemy.sql.func.")
    )
    return flavour.function_default % said if is_function and said != UNTOLD else said


def expression(value: object, flavour: Flavour, depth: int = 0) -> str:
    """An expression of SQLAlchemy's, or a Python value, as SQL."""
    if depth > _DEEPEST:
        return UNTOLD
    if isinstance(value, Text):
        return literal(str(value)) if value.known else UNTOLD
    if isinstance(value, bool):
        return flavour.false_true[value]
    if value is None:
        return "NULL"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Formula):
        return _formula(value, flavour, depth)
    column = column_name(value)
    if column:
        return flavour.quoted(column)
    return _call(value, flavour, depth) if isinstance(value, Call) else UNTOLD


def column_name(value: object) -> str:
    """The column that `table.c.name`, `sa.column("name")` or `Model.name` names; empty if none."""
    if isinstance(value, Call) and value.name == "column" and value.positional:
        name = value.positional[0]
        return str(name) if isinstance(name, Text) and name.known else ""
    if isinstance(value, Call) and value.name in ("Column",) and value.positional:
        name = value.positional[0]
        return str(name) if isinstance(name, Text) and name.known else ""
    if isinstance(value, Member) and isinstance(value.of, Member) and value.of.name in ("c", "columns"):
        return value.name
    if isinstance(value, Formula) and value.operator == "[]":
        of, key = value.operands
        if isinstance(of, Member) and of.name in ("c", "columns") and isinstance(key, Text) and key.known:
            return str(key)
    return ""


def _formula(formula: Formula, flavour: Flavour, depth: int) -> str:
    if formula.operator == "[]":
        column = column_name(formula)
        return flavour.quoted(column) if column else UNTOLD
    if formula.operator == "not" and isinstance(formula.operands[0], Formula):
        inner = formula.operands[0]
        if inner.operator == "==":
            one, other = inner.operands
            if other is None:
                return f"{expression(one, flavour, depth + 1)} IS NOT NULL"
            return f"{expression(one, flavour, depth + 1)} <> {expression(other, flavour, depth + 1)}"
    word = _OPERATORS.get(formula.operator)
    if word is None or len(formula.operands) != 2:
        return UNTOLD
    one, other = formula.operands
    if word == "=" and other is None:
        return f"{expression(one, flavour, depth + 1)} IS NULL"
    left, right = expression(one, flavour, depth + 1), expression(other, flavour, depth + 1)
    return f"({left}) {word} ({right})" if word in ("AND", "OR") else f"{left} {word} {right}"


def _call(call: Call, flavour: Flavour, depth: int) -> str:
    where, name = call.path, call.name
    if is_text(call):
        said = textual(call)
        return str(said) if said is not None else UNTOLD
    if where.startswith(("sqlalchemy.func.", "sqlalchemy.sql.func.", "sqlalchemy.sql.functions.")):
        if name in ("now", "current_timestamp") and not call.arguments:
            return flavour.now if name == "now" else "CURRENT_TIMESTAMP"
        said_all = [expression(value, flavour, depth + 1) for value in call.positional]
        return f"{name}({', '.join(said_all)})"
    if where.startswith("sqlalchemy") and "()" not in where:
        if name in ("true", "false"):
            return flavour.false_true[name == "true"]
        if name == "null":
            return "NULL"
        if name in ("and_", "or_"):
            parts = [f"({expression(value, flavour, depth + 1)})" for value in call.positional]
            return f" {name[:-1].upper()} ".join(parts)
        if name == "not_" and call.positional:
            return f"NOT ({expression(call.positional[0], flavour, depth + 1)})"
        if name == "desc" and call.positional:
            return f"{expression(call.positional[0], flavour, depth + 1)} DESC"
        if name == "literal" and call.positional:
            return expression(call.positional[0], flavour, depth + 1)
    if isinstance(call.function, Member):
        return _method(call, flavour, depth)
    return UNTOLD


def _method(call: Call, flavour: Flavour, depth: int) -> str:
    """`column.is_(None)`, `column.in_([...])`, `column.desc()`."""
    of = expression(call.receiver, flavour, depth + 1)
    name = call.name
    first = call.positional[0] if call.positional else None
    if of == UNTOLD:
        return UNTOLD
    if name in _METHODS and call.positional:
        return f"{of} {_METHODS[name]} {expression(first, flavour, depth + 1)}"
    if name in ("in_", "notin_", "not_in") and isinstance(first, list | tuple):
        listed = ", ".join(expression(value, flavour, depth + 1) for value in list(first)[:1000])
        return f"{of} {'IN' if name == 'in_' else 'NOT IN'} ({listed})"
    if name in ("desc", "asc"):
        return f"{of} {name.upper()}"
    return UNTOLD


def is_named(value: object, *names: str) -> bool:
    """Whether a value is a call of one of SQLAlchemy's or Alembic's classes or functions with these names."""
    if not isinstance(value, Call):
        return False
    where = path(value.function)
    return where.rpartition(".")[2] in names and where.startswith(("sqlalchemy", "alembic"))
