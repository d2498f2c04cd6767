"""A migration run in mind: its operations in order, from one state to the next, and what the database gets of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from partway.core.operation import Guard, GuardForm
from partway.tools.django.database_changes import DATABASE, STATE_ONLY
from partway.tools.django.editor_postgresql import PostgresqlEditor
from partway.tools.django.models import State
from partway.tools.django.program import Helper, Program
from partway.tools.django.state_changes import change_state
from partway.tools.django.values import Call, Unknown

_OWN = (
    "django.db.migrations.",
    "django.contrib.postgres.operations.",
    "django.contrib.gis.db.",
    "migrations.",
)
#: What says all that it does.
_BY_THEMSELVES = frozenset(("RunSQL", "RunPython"))
_SPECIAL = _BY_THEMSELVES | {"SeparateDatabaseAndState"}
_DEEPEST = 8


class Done(NamedTuple):
    """An operation that has been run: as the file says it, as Django's own (None for what is opaque), with the states
    around it. `looks_back` says that its guard looks on the way back too."""

    said: Call | Unknown
    call: Call | None
    before: State
    after: State
    guard: Guard | None = None
    looks_back: bool = False
    why: str = ""


class Report(Protocol):
    """Who is told what a migration does besides what the editor sends."""

    def begin(self, call: Call, guard: Guard | None) -> None:
        """An operation begins, behind this guard."""

    def run_sql(self, call: Call, guard: Guard | None, *, back: bool = False) -> None:
        """A RunSQL, or its reverse."""

    def run_python(self, call: Call, guard: Guard | None, *, back: bool = False) -> None:
        """A RunPython, or its reverse."""

    def opaque(self, said: Call | Unknown, why: str) -> None:
        """An operation that cannot be read."""


class Run:
    """Runs one migration's operations. Without a report only states are of interest."""

    def __init__(self, app: str, program: Program, editor: PostgresqlEditor, report: Report | None) -> None:
        self.app = app
        self.helpers: Mapping[str, Helper] = program.helpers
        self.editor = editor
        self.report = report
        self.depth = 0
        self.done: list[Done] = []  # what reaches the database, for the way back

    def operations(self, operations: tuple[Call | Unknown, ...], state: State) -> State:
        """The state after these operations; the one given stays as it is."""
        for said in operations:
            state = self.operation(said, state)
        return state

    def operation(self, said: Call | Unknown, before: State) -> State:
        """One operation, in the state and in the database."""
        if not isinstance(said, Call):
            return self.opaque(said, before, "only a run would tell which operations these are")
        call, guard, why = known(said, self.helpers)
        if call is None:
            return self.opaque(said, before, why)
        if call.kind == "SeparateDatabaseAndState":
            return self.separate(call, before)
        after = before.copy()
        if call.kind in _BY_THEMSELVES:
            if self.report is not None:
                (self.report.run_sql if call.kind == "RunSQL" else self.report.run_python)(call, guard)
            for one in _calls(call.get("state_operations", 2)) if call.kind == "RunSQL" else ():
                self.state_only(one, after)
            self.note(said, call, before, after.settled(), guard)
            return after
        change_state(after, self.app, call)
        apply = DATABASE.get(call.kind)
        if apply is not None:
            if self.report is not None:
                self.report.begin(said, guard)
            self.editor.before, self.editor.after = before, after
            apply(self.editor, self.app, call)
            self.note(said, call, before, after, guard)
        return after.settled()

    def opaque(self, said: Call | Unknown, state: State, why: str) -> State:
        """An operation that cannot be read."""
        if self.report is not None:
            self.report.opaque(said, why)
            self.done.append(Done(said, None, state, state, why=why))
        return state

    def note(self, said: Call, call: Call, before: State, after: State, guard: Guard | None) -> None:
        """Keep what has been run in mind, where somebody asks."""
        if self.report is not None:
            helper = self.helpers.get(said.name)
            back = helper is not None and "database_backwards" in helper.methods
            self.done.append(Done(said, call, before, after, guard, back))

    def separate(self, call: Call, before: State) -> State:
        """SeparateDatabaseAndState: the database by the one list, the state by the other."""
        if self.depth >= _DEEPEST:
            return before
        self.depth += 1
        database = before
        for one in _calls(call.get("database_operations", 0)):
            database = self.operation(one, database)
        after = before.copy()
        for app, part in database.parts.items():  # what lies in the database is by the database's list
            if app not in before.parts or part.keys is not before.parts[app].keys:
                after.change(app).keys.clear()
                after.change(app).keys.update(part.keys)
        for one in _calls(call.get("state_operations", 1)):
            self.state_only(one, after)
        self.depth -= 1
        return after.settled()

    def state_only(self, said: Call | Unknown, state: State) -> None:
        """An operation that changes nothing but the state, which is changed in place."""
        if isinstance(said, Call):
            call, _, _ = known(said, self.helpers)
            if call is not None:
                change_state(state, self.app, call)


def asks_for_models(program: Program) -> bool:
    """Whether what a migration does follows from the models that it finds. SQL and functions say all by themselves."""
    return not all(
        isinstance(one, Call) and one.kind in _BY_THEMSELVES and one.name not in program.helpers
        for one in program.operations
    )


def known(call: Call, helpers: Mapping[str, Helper]) -> tuple[Call | None, Guard | None, str]:
    """The operation of Django's own that a call makes, what guards it, and why it is none."""
    helper = helpers.get(call.name)
    if helper is None:
        if call.name.startswith(_OWN) or "." not in call.name:
            kind = call.kind
            if kind in DATABASE or kind in STATE_ONLY or kind in _SPECIAL:
                return call, None, ""
        return None, None, f"{call.name} is no operation of Django's"
    looks, name = False, ""
    methods: set[str] = set()
    for _ in range(_DEEPEST):
        looks = looks or (helper.looks and bool(helper.methods & _WORK))
        methods |= helper.methods
        name = next((base for base in helper.bases if base in helpers), "")
        if not name:
            break
        helper = helpers[name]
    base = next((base for base in helper.bases if base.startswith(_OWN)), "")
    kind = base.rpartition(".")[2]
    if not (kind in DATABASE or kind in STATE_ONLY or kind in _SPECIAL):
        return None, None, f"{call.kind} derives from no operation of Django's"
    if methods & {"__init__", "state_forwards"} or ("database_forwards" in methods and not looks):
        return None, None, f"{call.kind} does work of its own"
    guard = Guard(GuardForm.LOOK, call.span) if "database_forwards" in methods else None
    return call.named(base), guard, ""


_WORK = frozenset(("database_forwards", "database_backwards"))


def _calls(said: object) -> tuple[Call | Unknown, ...]:
    if isinstance(said, list | tuple):
        return tuple(item for item in said if isinstance(item, Call | Unknown))
    return (said,) if isinstance(said, Unknown) else ()
