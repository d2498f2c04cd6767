"""`op.batch_alter_table`: where the table is made anew, as on SQLite, all its directives are one operation."""

from __future__ import annotations

from collections.abc import Mapping

from partway.core.operation import Action, Guard, GuardForm, InTransaction, Operation, Repeat
from partway.core.postcondition import Name, absent
from partway.core.source import Span
from partway.sql.assembly import assemble
from partway.tools.alembic.expressions import is_named
from partway.tools.alembic.flavours import Flavour
from partway.tools.alembic.looks import Condition
from partway.tools.alembic.naming import Table
from partway.tools.alembic.request import Request
from partway.tools.embedded import HOLE
from partway.tools.python_strings import Text
from partway.tools.python_values import Call

#: What a second run of a rebuild does, by the kind of what it contains: Alembic reads the table, and then puts a thing
#: of the same name in the place of the old one, or complains that one is missing. Run with Alembic 1.20 on SQLite.
REBUILT: Mapping[str, Repeat] = {
    "add-column": Repeat.SAME,
    "alter-column": Repeat.SAME,
    "comment": Repeat.SAME,
    "add-constraint": Repeat.SAME,
    "create-index": Repeat.FAILS,
    "drop-index": Repeat.FAILS,
    "drop-column": Repeat.FAILS,
    "drop-constraint": Repeat.FAILS,
    "rename-column": Repeat.FAILS,
}
#: These alone need no rebuild.
_LONGEST_COPY = 50
_LIGHT = frozenset(("create_index", "drop_index", "add_column"))


class Batch:
    """A batch on one table, with the directives that it has collected and the conditions around each."""

    def __init__(self, call: Call, flavour: Flavour) -> None:
        name, schema = call.get("table_name", 0), call.get("schema")
        self.table = Table(
            str(name) if isinstance(name, Text) else HOLE, str(schema) if isinstance(schema, Text) else ""
        )
        self.call = call
        self.recreate = call.get("recreate", default="auto")
        self.flavour = flavour
        self.copy = Table(f"_alembic_tmp_{self.table.name}"[:_LONGEST_COPY], self.table.schema)
        self.requests: list[tuple[Request, tuple[Condition, ...]]] = []

    @property
    def rebuilds(self) -> bool:
        """Whether the table is made anew."""
        if self.recreate == "always":
            return bool(self.requests)
        if self.recreate == "never" or not self.flavour.rebuilds:
            return False
        return any(_is_heavy(request) for request, _ in self.requests)


def _is_heavy(request: Request) -> bool:
    """Whether a directive cannot be done by SQLite's own ALTER TABLE."""
    if request.name not in _LIGHT:
        return True
    column = next((value for value in request.call.positional if is_named(value, "Column")), None)
    if request.name != "add_column" or not isinstance(column, Call):
        return False
    default = column.get("server_default")
    if isinstance(default, Call) and default.name in ("text", "now", "literal_column", "true", "false"):
        return True
    if any(is_named(value, "ForeignKey", "CheckConstraint") for value in column.positional):
        return True  # the constraint is a directive of its own
    return column.get("unique") is True and column.get("index") is not True


def rebuilt(
    operations: list[Operation], span: Span, section: str, batch: Batch, *, copied: bool
) -> Operation:
    """The one operation of a rebuild: what its parts do to the table, each as a rebuild does it, and the copy's end,
    where the copy was an operation by itself (`copied`)."""
    table = batch.table
    actions = [_rebuilt(action) for operation in operations for action in operation.actions]
    if copied and HOLE not in batch.copy.name:
        gone = absent("table", Name(batch.copy.name, batch.copy.schema or None))
        actions[-1] = actions[-1]._replace(postconditions=(*actions[-1].postconditions, gone))
    made = assemble(actions, span, section)
    if made.kind == "several":
        target = f"{table.schema}.{table.name}" if table.schema else table.name
        made = made._replace(kind="alter-table", target=target.replace(HOLE, "?"))
    worst = max((action.repeat for action in actions), key=_ORDER.index, default=Repeat.SAME)
    return made._replace(span=span, statement=span, repeat=worst)


_ORDER = [Repeat.SAME, Repeat.UNKNOWN, Repeat.CHANGES, Repeat.FAILS]


def _rebuilt(action: Action) -> Action:
    repeat = REBUILT.get(action.kind, action.repeat)
    guard = action.guard
    if guard is not None and guard.form is GuardForm.OPTION:
        guard = Guard(
            guard.form, guard.span, covers=False, flaw="a table that is made anew knows no such option"
        )
    if guard is not None and guard.covers:
        repeat = Repeat.SAME
    return action._replace(repeat=repeat, guard=guard, in_transaction=InTransaction.ROLLS_BACK)
