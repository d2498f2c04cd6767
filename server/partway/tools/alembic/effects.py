"""What the calls of a revision do to the database: directives, batches, statements that are run, types made by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from partway.core.migration import Control, Mode
from partway.core.operation import Guard, GuardForm, Operation
from partway.core.postcondition import Name, exists
from partway.core.source import Span
from partway.tools.alembic import changes, tables
from partway.tools.alembic.batch import Batch, rebuilt
from partway.tools.alembic.data import bulk_insert, statement
from partway.tools.alembic.definitions import Writing
from partway.tools.alembic.environment import Environment
from partway.tools.alembic.expressions import textual
from partway.tools.alembic.flavours import Flavour
from partway.tools.alembic.looks import Condition
from partway.tools.alembic.naming import Namer
from partway.tools.alembic.request import Request, Sent, Statement
from partway.tools.alembic.sending import control, guarded, operations_of
from partway.tools.alembic.surroundings import Surroundings
from partway.tools.alembic.types import read_type
from partway.tools.draft import Draft
from partway.tools.embedded import HOLE, Piece, read_sql
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, Member, Ref, listed, path

DIRECTIVES: Mapping[str, Callable[[Request], Sent]] = {
    **{
        directive.__name__: directive
        for directive in (
            tables.create_table, tables.drop_table, tables.rename_table, tables.add_column, tables.drop_column,
            tables.create_index, tables.drop_index, tables.create_table_comment, tables.drop_table_comment,
            changes.alter_column, changes.create_foreign_key, changes.create_unique_constraint,
            changes.create_primary_key, changes.create_check_constraint, changes.create_exclude_constraint,
            changes.drop_constraint,
        )
    }
}  # fmt: skip
#: What `op` has besides, without any effect on the database.
_HARMLESS = frozenset(
    (
        "f",
        "get_bind",
        "get_context",
        "inline_literal",
        "implementation_for",
        "register_operation",
        "batch_alter_table",
    )
)
_EXECUTES = frozenset(("execute", "exec_driver_sql", "scalar", "scalars"))
#: Methods of an ORM session that change rows.
_SESSION = frozenset(
    ("add", "add_all", "merge", "bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings")
)
_QUIET = frozenset(
    ("logging", "warnings", "os", "sys", "time", "json", "uuid", "datetime", "re", "collections", "itertools", "typing",
     "functools", "contextlib", "hashlib", "random", "string", "math", "copy", "textwrap", "enum", "structlog",
     "alembic", "sqlalchemy", "click", "tqdm")
)  # fmt: skip
#: Helpers of projects that look for something and drop it: `drop_fk("users", ["org_id"])`.
_TAKES_AWAY = re.compile(r"(?:safe_)?(?:drop|remove|delete)_")
_DATA = frozenset(("insert", "update", "delete", "merge", "copy", "several"))
_LONGEST_NAME = 60


class _Block(NamedTuple):
    """An `autocommit_block()` that is open."""

    span: Span


class Told:
    """Takes the calls of one section in, in order, and writes down what they do."""

    def __init__(self, program: Program, draft: Draft, flavour: Flavour, environment: Environment) -> None:
        self.program = program
        self.draft = draft
        self.flavour = flavour
        self.environment = environment
        self.writing = Writing(flavour, Namer(environment.convention, flavour))
        self.conditions: list[Condition] = []
        self.begun = False  # the transaction that SQLite's driver begins late
        self.dropped: dict[str, Guard] = {}
        self.surroundings = Surroundings()
        self.apart = 0  # how many `autocommit_block()` are open
        self.ended = (
            False  # the text of a statement has ended the transaction, as far as steps were looked at
        )
        self.looked_at = 0

    @property
    def goes_on(self) -> bool:
        """Whether the database goes on after an error that is caught: PostgreSQL's transaction does not."""
        if not self.draft.setup.dialect.query_is_transaction:
            return True
        mode = self.environment.mode
        return mode.mode is Mode.NONE or self.apart > 0 or (not mode.reopens and self._is_ended())

    def _is_ended(self) -> bool:
        """Whether the text of a statement has ended Alembic's transaction before this place."""
        steps = self.draft.steps
        for step in steps[self.looked_at :]:
            if step.control is not None:
                self.ended = not step.by_tool and step.control in (Control.COMMIT, Control.ROLLBACK)
        self.looked_at = len(steps)
        return self.ended

    def called(self, call: Call, scope: Scope) -> None:
        """A call, where it runs."""
        where, name = call.path, call.name
        receiver = call.receiver
        if isinstance(receiver, Batch):
            self._batched(receiver, call, scope)
        elif where.startswith("alembic.op.") and where.count(".") == 2:
            self._directive(name, call, scope)
        elif name in _EXECUTES and isinstance(call.function, Member) and call.positional:
            self._execute(call, scope, is_query=True)
        elif name in ("create", "drop") and isinstance(receiver, Call):
            self._type(call, receiver)
        elif name in ("create_all", "drop_all"):
            self._opaque(call, "it makes whatever the metadata holds when it runs")
        elif (name in _SESSION and _is_session(receiver)) or (
            name in ("update", "delete") and "query" in where
        ):
            self._opaque(call, "rows are changed through the ORM")
        elif isinstance(call.function, Ref):
            self._foreign(call, where)

    def _foreign(self, call: Call, where: str) -> None:
        """A function from elsewhere: what it does is nobody's guess, but that it does something."""
        root = where.partition(".")[0]
        if "." not in where.strip(".") or root in _QUIET:
            if where.endswith(".op.run_async") or "." in where or not self.program.wildcards:
                return
            if where[:1].isupper() or where in _BUILTINS:
                return
        if (
            call.node.parent is None
            or call.node.parent.type != "expression_statement"
            or where.startswith("_")
        ):
            return
        if root[:1].isupper() or where.rpartition(".")[2][:1].isupper():
            return  # an object is made
        if any(part.lower() in ("log", "logger", "_logger") for part in where.split(".")):
            return
        if _TAKES_AWAY.match(where.rpartition(".")[2]):
            self.surroundings.takes_away(str(each) for each in call.positional if isinstance(each, Text))
        self._opaque(call, "what it does is written elsewhere")

    def _opaque(self, call: Call, why: str) -> None:
        self.draft.opaque(call.span, self._said(call), why)

    def _said(self, call: Call) -> str:
        """What the program calls a function, cut where that is a whole expression."""
        function = call.node.child_by_field_name("function")
        said = " ".join(self.program.tree.said(function).split()) if function is not None else call.name
        return said if len(said) <= _LONGEST_NAME else said[: _LONGEST_NAME - 4] + " ..."

    # Directives -------------------------------------------------------------------------------------------------------

    def _directive(self, name: str, call: Call, scope: Scope) -> None:
        if name == "execute":
            self._execute(call, scope, is_query=False)
        elif name == "bulk_insert":
            sql = bulk_insert(call, self.flavour, scope)
            if sql:
                self._sql(sql, call, "op.bulk_insert")
        elif name in DIRECTIVES:
            self._run(Request(call, self.writing, call.span), tuple(self.conditions))
        elif name not in _HARMLESS:
            self._opaque(call, "it is none of Alembic's own directives" if name != "invoke" else "")

    def _batched(self, batch: Batch, call: Call, scope: Scope) -> None:
        if call.name in DIRECTIVES:
            request = Request(call, self.writing, call.span, batch.table)
            batch.requests.append((request, tuple(self.conditions)))
        elif call.name == "execute":
            self._execute(call, scope, is_query=False)
        elif call.name not in _HARMLESS:
            self._opaque(call, "it is none of Alembic's own directives")

    # Transactions -----------------------------------------------------------------------------------------------------

    def _begin(self, span: Span, operations: Sequence[Operation], *, changes_data: bool = False) -> None:
        """Python's sqlite3 begins a transaction where one first changes data."""
        changes_data = changes_data or any(operation.kind in _DATA for operation in operations)
        if self.environment.begins_late and not self.begun and changes_data:
            self.begun = True  # until the revision has been recorded
            control(self.draft, Control.BEGIN, Span(span.start, span.start))

    def _steps(self, span: Span, operations: Sequence[Operation], *, changes_data: bool = False) -> None:
        """Write operations down."""
        self._begin(span, operations, changes_data=changes_data)
        self.draft.run(span, *operations)

    def _run(self, request: Request, conditions: Sequence[Condition]) -> None:
        for sent in DIRECTIVES[request.name](request):
            for operation in self._operations(request, sent, conditions):
                self._steps(request.span, (operation,))

    def _operations(
        self, request: Request, sent: Statement, conditions: Sequence[Condition]
    ) -> list[Operation]:
        made = operations_of(self.draft, request, sent, self.environment.version)
        return [self.surroundings.of(operation, conditions) for operation in made]

    # Blocks -----------------------------------------------------------------------------------------------------------

    def entered(self, value: object, node: object, scope: Scope) -> object:  # noqa: ARG002 # as the flow tells it
        """A `with` begins."""
        if isinstance(value, Call):
            if value.name == "batch_alter_table":
                return Batch(value, self.flavour)
            if value.name == "autocommit_block":
                if self.environment.mode.mode is not Mode.NONE:
                    control(self.draft, Control.COMMIT, value.span)
                self.apart += 1
                return _Block(value.span)
        return value

    def bound(self, entered: object) -> object:
        """What its name stands for."""
        return entered

    def left(self, entered: object) -> None:
        """A `with` ends."""
        if isinstance(entered, _Block):
            self.apart -= 1
            if self.environment.mode.mode is not Mode.NONE:
                control(self.draft, Control.BEGIN, entered.span)
        if not isinstance(entered, Batch):
            return
        if not entered.rebuilds:
            for request, conditions in entered.requests:
                self._run(request, conditions)
            return
        parts = [
            operation
            for request, conditions in entered.requests
            for sent in DIRECTIVES[request.name](request)
            for operation in self._operations(request, sent, conditions)
        ]
        span = Span(entered.call.span.start, max(part.span.end for part in parts) if parts else 0)
        if parts:
            self._rebuild(entered, parts, span)

    def _rebuild(self, batch: Batch, parts: list[Operation], span: Span) -> None:
        """The table that the rows are copied into is made before the copying begins a transaction, so that a failure
        leaves it behind, in the way of the next run."""
        head = batch.call.span
        copied = self.environment.begins_late and not self.begun
        if copied:
            name = Name(batch.copy.name, batch.copy.schema or None)
            copy = self.draft.action(
                "create-table",
                name,
                head,
                exists("table", name),
                words="op.batch_alter_table",
                guard=self.dropped.get(batch.copy.name),
            )
            if HOLE in name.name:
                copy = copy._replace(target=copy.target.replace(HOLE, "?"), postconditions=())
            self.draft.add(
                [copy], head, (f"the rows of {batch.table.name} are copied into it, then it is renamed",)
            )
        made = rebuilt(parts, span, self.draft.section, batch, copied=copied)
        self._steps(span, (made,), changes_data=True)

    # Statements that are run ------------------------------------------------------------------------------------------

    def _execute(self, call: Call, scope: Scope, *, is_query: bool) -> None:
        """`op.execute(...)`, `connection.execute(...)`; of a query only what changes something counts."""
        value = call.get("sqltext", 0) if not is_query else call.positional[0]
        if is_query and isinstance(value, Text) and not _is_connection(call.receiver):
            return
        said = textual(value)
        if said is not None:
            self._text(said, is_query=is_query)
            return
        values = listed(value)
        if values is not None:
            for each in values:
                if (inner := textual(each)) is not None:
                    self._text(inner, is_query=is_query)
            return
        sql = statement(value, self.flavour, scope)
        if sql is None:
            if not is_query or _is_connection(call.receiver):
                self._opaque(call, "what it runs is made by the program")
        elif sql:
            self._sql(sql, call, self._said(call))

    def _text(self, said: Text, *, is_query: bool) -> None:
        reading = read_sql(self.draft.text, said.pieces, self.draft.setup, self.draft.section)
        steps = reading.steps
        if is_query:
            steps = tuple(step for step in steps if not _only_reads(step.operations))
        for step in steps:
            operations = tuple(
                self.surroundings.of(operation, self.conditions) for operation in step.operations
            )
            self._note_dropped(operations)
            self._begin(step.span, operations)
            self.draft.steps.append(step._replace(operations=operations))
        self.draft.comments += reading.comments
        self.draft.troubles += reading.troubles

    def _note_dropped(self, operations: Sequence[Operation]) -> None:
        """Tables that are dropped where they are there: one that is made afterwards cannot be in the way."""
        for operation in operations:
            for action in operation.actions:
                if action.kind == "drop-table" and action.guard is not None and action.guard.covers:
                    guard = Guard(GuardForm.DROP_FIRST, operation.span)
                    self.dropped[action.target.rpartition(".")[2]] = guard

    def _sql(self, sql: str, call: Call, words: str) -> None:
        """A statement that SQLAlchemy writes, at the place of the call."""
        reading = read_sql(
            self.draft.text, [Piece(sql, call.span, exact=False)], self.draft.setup, self.draft.section
        )
        for step in reading.steps:
            for operation in step.operations:
                actions = tuple(
                    action._replace(span=call.span, words=words, insert_at=None)
                    for action in operation.actions
                )
                told = operation._replace(span=call.span, statement=call.span, actions=actions)
                self._steps(call.span, (self.surroundings.of(told, self.conditions),))

    # Types made by hand -----------------------------------------------------------------------------------------------

    def _type(self, call: Call, receiver: Call) -> None:
        """`sa.Enum(..., name="mood").create(bind, checkfirst=True)` and `.drop`."""
        if self.flavour.native_enum != "type":
            return
        type_ = read_type(receiver, self.flavour)
        if not type_.enum:
            if receiver.name == "Table":
                self._opaque(call, "a table that is made apart from Alembic")
            return
        request = Request(call, self.writing, call.span)
        sent = (
            tables.create_enum(request, type_)
            if call.name == "create"
            else Statement(f"DROP TYPE {type_.sql}")
        )
        checks = call.get("checkfirst", 1, default=receiver.path.startswith("sqlalchemy.dialects"))
        for operation in operations_of(self.draft, request, sent, ()):
            words = f"{receiver.name}.{call.name}"
            actions = tuple(action._replace(words=words) for action in operation.actions)
            made = operation._replace(actions=actions)
            if checks is True:
                argument = call.argument("checkfirst", 1)
                guard = Guard(GuardForm.OPTION, call.place(argument) if argument is not None else call.span)
                made = guarded(made, dict.fromkeys(range(len(actions)), guard), clouded=False)
            self.draft.run(call.span, self.surroundings.of(made, self.conditions))


_BUILTINS = frozenset(("print", "setattr", "isinstance", "len", "open", "next", "iter", "super", "type"))


def _only_reads(operations: Sequence[Operation]) -> bool:
    return all(operation.kind in ("select", "opaque") for operation in operations)


def _is_session(value: object) -> bool:
    said = path(value).lower()
    return "session" in said


def _is_connection(value: object) -> bool:
    """Whether something is called on a connection, rather than on a cursor or a result of who knows what."""
    said = path(value)
    return not said or said.startswith(("alembic.", "sqlalchemy.")) or "session" in said.lower()
