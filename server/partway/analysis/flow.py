"""How a section runs: which statements share a transaction, and where what has run is kept.

A statement outside a transaction is kept when it ends. Inside one, everything is lost together, until a COMMIT, or
until a statement that commits by itself, as definitions do on MySQL; after either, what follows is outside (or, in a
file that is sent as one query, in the next implicit transaction).
"""

from __future__ import annotations

from bisect import bisect_left

from partway.core.migration import Control, Mode, Section, Step
from partway.core.operation import NOT_IN_PRODUCTION, InTransaction, Operation
from partway.core.source import Span
from partway.dialects.dialect import Dialect
from partway.rules.case import CommitPoint, Flow, Kept

#: Kinds that leave nothing behind in the database, so that nothing of them can be half done.
FLEETING = frozenset(
    {
        "set",
        "select",
        "use",
        "prepare",
        "deallocate",
        "pragma",
        "lock-table",
        "unlock-tables",
        "lock-instance",
        "unlock-instance",
        "do",
        "discard",
        "notify",
        "checkpoint",
        "flush",
        "call",
        "analyze",
        "vacuum",
        "reindex",
        "refresh-materialized-view",
        "cluster",
        "optimize-table",
        "check-table",
        "repair-table",
        "checksum-table",
        "handler",
        "attach-database",
        "detach-database",
        "begin",
        "commit",
        "rollback",
        "savepoint",
        "release",
        "rollback-to",
    }
)


def flow(section: Section, dialect: Dialect, without: frozenset[int] = frozenset()) -> Flow:
    """The commit points of a section and what else is told by running it in mind; as if these operations were not run,
    of which the statements' own places in a transaction are told all the same."""
    running = _Running(section, dialect, without)
    for step in section.steps:
        running.step(step)
    return running.finish()


def _by_statement(section: Section) -> dict[int, Span]:
    """The query that holds a statement, by the statement's start, for those of more than one statement."""
    starts = [step.span.start for step in section.steps]
    found: dict[int, Span] = {}
    for query in section.queries:
        inside = starts[bisect_left(starts, query.start) : bisect_left(starts, query.end)]
        if len(inside) > 1:
            found.update(dict.fromkeys(inside, query))
    return found


def _lasts(operation: Operation) -> bool:
    """Whether the operation leaves something behind in the database."""
    for action in operation.actions:  # noqa: SIM110 - asked of each operation with each key, and twice as quick
        if action.kind not in FLEETING and "temporary" not in action.traits:
            return True
    return False


class _Running:
    """The state between two statements: is a transaction open, whose, and what is in it."""

    def __init__(self, section: Section, dialect: Dialect, without: frozenset[int]) -> None:
        mode = section.transaction
        self.tool_opens = mode.mode is not Mode.NONE
        self.implicit = mode.implicit
        self.dialect = dialect
        self.uncertain = mode.uncertain and dialect.transactional_ddl
        # One statement sent as one query is in no transaction that could refuse it.
        alone = mode.implicit and len(section.steps) == 1
        refused = alone and any(one.in_transaction is InTransaction.REFUSED for one in section.operations)
        self.open = self.tool_opens and not refused
        self.by_text: Span | None = None  # the BEGIN that opened it
        self.index = 0
        self.pending: list[int] = []
        self.points: list[CommitPoint] = []
        self.transactional: set[int] = set()
        self.own: set[int] = set()
        self.nested: list[Span] = []
        self.units = 0
        self.autocommit = not mode.reopens
        self.lasting: list[int] = []
        self.without = without
        self.elsewhere: set[int] = set()
        # Several statements in one query are a transaction of their own where none is open.
        self.queries = _by_statement(section) if dialect.query_is_transaction else {}
        self.query: Span | None = None
        self.last = section.span  # the statement of the operation that is last in the open transaction

    def step(self, step: Step) -> None:
        """Run one statement."""
        if self.query is not None and step.span.start >= self.query.end:
            self._leave_query()
        if self.query is None and not self.open and self.queries:
            self.query = self.queries.get(step.span.start)
            self.open = self.implicit = self.query is not None
        if step.control is not None:
            self._control(step.control, step.span, by_tool=step.by_tool)
            self.index += len(step.operations)
            return
        for operation in step.operations:
            self._operation(operation)
            self.index += 1

    def _operation(self, operation: Operation) -> None:
        index = self.index
        traits = operation.actions[0].traits
        if operation.kind == "set" and traits & {"autocommit-off", "autocommit-on"}:
            self.autocommit = "autocommit-on" in traits
            if self.autocommit:
                self._keep(operation.statement, Kept.EXPLICIT)
            self.open = not self.autocommit
            return
        if self.open:
            self.transactional.add(index)
            if self.by_text is not None:
                self.own.add(index)
        if NOT_IN_PRODUCTION in traits:
            self.elsewhere.add(index)
            if index in self.without:
                return
        lasting = _lasts(operation)
        if lasting:
            self.lasting.append(index)
        commits = operation.in_transaction is InTransaction.COMMITS and not self.dialect.transactional_ddl
        if commits:
            if self.open and self.pending:
                self.units += 1
                self.points.append(CommitPoint(self.pending[-1], operation.statement, Kept.IMPLICIT))
                self.pending.clear()
            kept = Kept.IMPLICIT if self.open else Kept.ALONE
            self.open = not self.autocommit
            self.by_text = None
            if lasting:
                self.units += 1
                self.points.append(CommitPoint(index, operation.statement, kept))
        elif not lasting:
            return
        elif self.open:
            self.pending.append(index)
            self.last = operation.statement
        else:
            self.units += 1
            if not self.uncertain:
                self.points.append(CommitPoint(index, operation.statement, Kept.ALONE))

    def _leave_query(self) -> None:
        """The end of a query, which commits unless its text has begun a transaction and not ended it."""
        self.query, self.implicit = None, False
        if self.by_text is None:
            if self.pending:
                self._keep(self.last, Kept.ALONE)
            self.open = not self.autocommit

    def _control(self, control: Control, span: Span, *, by_tool: bool) -> None:
        if (
            self.tool_opens
            and not by_tool
            and self.by_text is None
            and self.open
            and control in (Control.BEGIN, Control.COMMIT, Control.ROLLBACK)
        ):
            self.nested.append(span)
        if control is Control.BEGIN:
            if not self.dialect.transactional_ddl:  # START TRANSACTION commits what is open
                self._keep(span, Kept.EXPLICIT)
            if by_tool:
                pass  # it ends by itself, too
            elif not self.open or not self.dialect.transactional_ddl:
                self.by_text = span
            elif self.by_text is None and self.implicit:
                self.by_text = span  # an implicit transaction becomes the one that BEGIN opens
            self.open = True
        elif control is Control.COMMIT:
            self._keep(span, Kept.EXPLICIT)
            self._after_end(by_tool=by_tool)
        elif control is Control.ROLLBACK:
            self.pending.clear()
            self._after_end(by_tool=by_tool)

    def _after_end(self, *, by_tool: bool) -> None:
        self.by_text = None
        # A tool that ends its transaction does so to be without one.
        self.open = self.implicit or not (self.autocommit or by_tool)

    def _keep(self, span: Span, kept: Kept) -> None:
        if self.pending:
            self.units += 1
            self.points.append(CommitPoint(self.pending[-1], span, kept))
            self.pending.clear()

    def finish(self) -> Flow:
        """What was found, once every statement has run."""
        if self.query is not None:
            self._leave_query()
        if self.pending:
            self.units += 1
        return Flow(
            tuple(self.points),
            frozenset(self.transactional),
            frozenset(self.own),
            self.by_text if self.open else None,
            tuple(self.nested),
            self.units,
            tuple(self.lasting),
            frozenset(self.elsewhere),
        )
