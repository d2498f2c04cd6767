"""SQLAlchemy's statements to SQL: `table.update().where(...).values(...)`, `insert(table)`, `DropSequence(...)`."""

from __future__ import annotations

from partway.tools.alembic.expressions import UNTOLD, column_name, expression
from partway.tools.alembic.flavours import Flavour
from partway.tools.alembic.naming import Table
from partway.tools.embedded import HOLE
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, Member, Ref, listed

_VERBS = frozenset(("update", "insert", "delete"))
_DDL = {
    "CreateSequence": "CREATE SEQUENCE {if_not_exists}{name}",
    "DropSequence": "DROP SEQUENCE {if_exists}{name}",
    "CreateSchema": "CREATE SCHEMA {if_not_exists}{name}",
    "DropSchema": "DROP SCHEMA {if_exists}{name}",
}
_LONGEST_CHAIN = 30
_MOST_COLUMNS = 200


def table_of(value: object, scope: Scope) -> Table | None:
    """The table that a value stands for: `sa.table("users")`, what `op.create_table` gave, a model of this file."""
    if isinstance(value, Call):
        if value.name in ("alias", "join", "outerjoin", "select_from", "tometadata", "to_metadata"):
            return None
        if value.name in ("table", "Table", "TableClause", "create_table"):
            name, schema = value.get("name", 0), value.get("schema")
            if isinstance(name, Text):
                return Table(str(name), str(schema) if isinstance(schema, Text) else "")
        return None
    if isinstance(value, Member) and value.name == "__table__":
        value = value.of
    if isinstance(value, Ref):
        return _model_table(value.path.removesuffix(".__table__"), scope)
    return None


def _model_table(name: str, scope: Scope) -> Table | None:
    """`__tablename__` of a model that the file defines."""
    definition = scope.program.classes.get(name)
    if definition is None:
        return None
    found = class_constant(scope.program, name, "__tablename__")
    return Table(str(found)) if isinstance(found, Text) else None


def class_constant(program: Program, class_name: str, name: str) -> object:
    """What a class of the file assigns to a name; None if nothing."""
    definition = program.classes.get(class_name)
    body = definition.child_by_field_name("body") if definition is not None else None
    for statement in body.named_children if body is not None else ():
        first = statement.named_children[0] if statement.named_child_count else None
        if first is not None and first.type == "assignment":
            left = first.child_by_field_name("left")
            if left is not None and program.tree.said(left) == name:
                return Scope(program).value(first.child_by_field_name("right"))
    return None


def statement(value: object, flavour: Flavour, scope: Scope) -> str | None:
    """The SQL of one of SQLAlchemy's statements; None where the value is none that can be read. A SELECT is empty: it
    changes nothing."""
    chain: list[Call] = []
    at = value
    while isinstance(at, Call) and len(chain) < _LONGEST_CHAIN:
        chain.append(at)
        if at.name in _VERBS or at.name in _DDL or at.name in ("select", "exists", "union"):
            break
        at = at.receiver
    if not chain:
        return None
    root = chain[-1]
    if root.name in ("select", "exists", "union"):
        return ""
    if root.name in _DDL:
        return _ddl(root, flavour)
    if root.name not in _VERBS:
        return None
    of = root.receiver if isinstance(root.function, Member) else None
    of = root.positional[0] if root.positional and table_of(of, scope) is None else of
    table = table_of(of, scope) or Table(HOLE)
    said = (
        f"{flavour.quoted(table.schema)}.{flavour.quoted(table.name)}"
        if table.schema
        else flavour.quoted(table.name)
    )
    return _Writing(flavour, list(reversed(chain[:-1]))).write(root.name, said)


def _ddl(call: Call, flavour: Flavour) -> str:
    element = call.positional[0] if call.positional else None
    if isinstance(element, Call) and element.name == "Sequence":
        element = element.get("name", 0)
    name = str(element) if isinstance(element, Text) else HOLE
    words = {
        option: option.replace("_", " ").upper() + " " if call.get(option) is True else ""
        for option in ("if_not_exists", "if_exists")
    }
    return _DDL[call.name].format(name=flavour.quoted(name), **words)


class _Writing:
    """The calls behind `update()`, `insert()` or `delete()`, as the clauses that they make."""

    def __init__(self, flavour: Flavour, calls: list[Call]) -> None:
        self.flavour = flavour
        self.wheres: list[str] = []
        self.values: dict[str, str] = {}
        self.selected: tuple[str, ...] | None = None
        self.unclear = False
        for call in calls:
            self._take(call)

    def _take(self, call: Call) -> None:
        if call.name in ("where", "filter"):
            self.wheres += [expression(value, self.flavour) for value in call.positional]
        elif call.name == "filter_by":
            self.wheres += [
                f"{self.flavour.quoted(key)} = {expression(value, self.flavour)}"
                for key, value in call.keywords.items()
            ]
        elif call.name == "values":
            self._values(call)
        elif call.name == "from_select":
            names = listed(call.get("names", 0)) or []
            self.selected = tuple(
                str(each) if isinstance(each, Text) else column_name(each) or HOLE for each in names
            )
        elif call.name in (
            "on_conflict_do_nothing",
            "on_conflict_do_update",
            "prefix_with",
            "on_duplicate_key_update",
        ):
            self.unclear = True

    def _values(self, call: Call) -> None:
        pairs: list[tuple[object, object]] = list(call.keywords.items())
        for value in call.positional:
            rows = listed(value) if not isinstance(value, dict) else [value]
            first = rows[0] if rows else None
            if isinstance(first, dict):
                pairs += list(first.items())
            else:
                self.unclear = True
        for key, value in pairs[:_MOST_COLUMNS]:
            name = str(key) if isinstance(key, str) else column_name(key) or HOLE
            self.values[name] = expression(value, self.flavour)

    def write(self, verb: str, table: str) -> str:
        """The statement."""
        where = f" WHERE {' AND '.join(self.wheres)}" if self.wheres else ""
        if verb == "delete":
            return f"DELETE FROM {table}{where}"  # noqa: S608 # read, never run
        if verb == "update":
            pairs = self.values or {HOLE: UNTOLD}
            said = ", ".join(f"{self.flavour.quoted(name)} = {value}" for name, value in pairs.items())
            return f"UPDATE {table} SET {said}{where}"  # noqa: S608 # read, never run
        names = self.selected if self.selected is not None else tuple(self.values)
        columns = f" ({', '.join(self.flavour.quoted(name) for name in names)})" if names else ""
        if self.selected is not None:
            return f"INSERT INTO {table}{columns} SELECT {', '.join(UNTOLD for _ in names) or UNTOLD} FROM {HOLE}"  # noqa: S608 # read, never run
        return f"INSERT INTO {table}{columns} VALUES ({', '.join(self.values.values()) or UNTOLD})"  # noqa: S608 # read, never run


def bulk_insert(call: Call, flavour: Flavour, scope: Scope) -> str | None:
    """The INSERT of `op.bulk_insert(table, rows)`; empty where there are no rows."""
    table = table_of(call.get("table", 0), scope) or Table(HOLE)
    rows = listed(call.get("rows", 1))
    if rows == []:
        return ""
    said = (
        f"{flavour.quoted(table.schema)}.{flavour.quoted(table.name)}"
        if table.schema
        else flavour.quoted(table.name)
    )
    first = rows[0] if rows else None
    names = [str(name) for name in first] if isinstance(first, dict) else []
    values = [
        f"({', '.join(expression(value, flavour) for value in row.values())})"
        for row in (rows or [])[:_MOST_COLUMNS]
        if isinstance(row, dict) and [str(name) for name in row] == names
    ]
    if not names or not values:
        return f"INSERT INTO {said} VALUES ({UNTOLD})"  # noqa: S608 # read, never run
    columns = ", ".join(flavour.quoted(name) for name in names)
    return f"INSERT INTO {said} ({columns}) VALUES {', '.join(values)}"  # noqa: S608 # read, never run
