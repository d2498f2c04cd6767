"""Django's migrations to Partway's: the operations that the schema editor's statements are, and the code between them.

Read in Django 5.2's db/migrations (executor.py, migration.py, operations) and its schema editors. Each statement that
the engine gets is one operation, at the place of the migration's operation that sends it; what Django defers runs last.
"""

from __future__ import annotations

from collections.abc import Callable

from partway.core.migration import Control, Migration, Mode, Section, TransactionMode
from partway.core.operation import NOT_IN_PRODUCTION, SETTLED, Guard, InTransaction, Repeat
from partway.core.source import SourceFile, Span
from partway.tools.django import apps
from partway.tools.django.backends import Backend, backend
from partway.tools.django.backwards import irreversible, take_back
from partway.tools.django.database_changes import NOT_IN_TRANSACTION
from partway.tools.django.editors import editor
from partway.tools.django.forwards import Run, asks_for_models
from partway.tools.django.models import SWAPPABLE, State
from partway.tools.django.program import Program
from partway.tools.django.replay import History, own_program
from partway.tools.django.statements import Statements
from partway.tools.django.values import Call, Unknown
from partway.tools.django.vendors import does_nothing, is_passed_over
from partway.tools.draft import Draft, embedded
from partway.tools.embedded import Piece
from partway.tools.place import file_name
from partway.tools.python_strings import Text
from partway.tools.setup import Setup

_NOOP = "RunPython.noop"
_NO_SQL = "RunSQL.noop"
_SHOWN = 80


def read(source: SourceFile, setup: Setup) -> Migration:
    """The migration in this file. Never raises."""
    here = backend(setup.dialect.name, setup.server)
    program = own_program(source.path, source.text, here.editor, setup.beside)
    app = apps.label(source.path, setup.beside)
    name = file_name(source.path).removesuffix(".py")
    history = None
    if setup.beside is not None and app and asks_for_models(program):
        history = History(source.path, here, setup.dialect.name, setup.beside)
    state = State({}, here.limit, SWAPPABLE) if history is None else history.before(app, name, program)
    sections, drafts, after = _both_ways(source, setup, here, app, program, state)
    if history is not None:
        history.remember(app, name, program, after)
    return Migration(
        source,
        setup.tool,
        setup.dialect.name,
        setup.server,
        f"{app}.{name}" if app else name,
        sections,
        tuple(sorted({*program.comments, *(one for draft in drafts for one in draft.comments)})),
        (*program.troubles, *dict.fromkeys(one for draft in drafts for one in draft.troubles)),
        setup.dialect_assumed,
        comment="#",
        embedded=embedded(drafts),
        remade=tuple(drafts[0].remade),
    )


def _both_ways(
    source: SourceFile, setup: Setup, here: Backend, app: str, program: Program, state: State
) -> tuple[tuple[Section, ...], tuple[Draft, ...], State]:
    """The sections with their drafts, and the state after the migration."""
    mode = _mode(setup, here, program)
    up, down = Draft(source.text, setup, "up"), Draft(source.text, setup, "down")
    out = Statements(up, here)
    work = editor(here, out)
    work.before = work.after = state
    run = Run(app, program, work, _Report(out, up, program, mode))
    after = run.operations(program.operations, state.copy().settled())
    work.before = work.after = after.copy()
    work.finish()
    after = work.after.settled()
    if not run.done:
        return (up.finish(program.span, mode),), (up,), after

    def back() -> None:
        out = Statements(down, here)
        undoing = editor(here, out)
        undoing.before = undoing.after = after
        state = take_back(app, run.done, after, undoing, _Report(out, down, program, mode))
        undoing.before = undoing.after = state.copy()
        undoing.finish()

    work_back: Callable[[], object] | None = None
    if not irreversible(run.done):
        if any(one.call is not None and one.call.kind == "RunSQL" for one in run.done):
            back()
        else:
            work_back = back
    sections = (
        up.finish(program.span, mode),
        down.finish(program.span, mode, derived=True, work=work_back),
    )
    return sections, (up, down), after


def _mode(setup: Setup, here: Backend, program: Program) -> TransactionMode:
    title = setup.dialect.title
    if not program.atomic:
        return TransactionMode(Mode.NONE, "the migration says atomic = False", program.atomic_span)
    if not here.transactional:
        return TransactionMode(Mode.NONE, f"Django opens no transaction around a migration on {title}")
    return TransactionMode(Mode.PER_MIGRATION, f"Django runs each migration in one transaction on {title}")


class _Report:
    """Writes what the editor does not send: RunSQL, RunPython, and what cannot be read."""

    def __init__(self, out: Statements, draft: Draft, program: Program, mode: TransactionMode) -> None:
        self.out = out
        self.draft = draft
        self.program = program
        self.alone = mode.mode is Mode.NONE

    def begin(self, call: Call, guard: Guard | None) -> None:
        """The editor's next statements are this operation's."""
        self.out.span, self.out.words, self.out.guard = call.span, words(call), guard
        self.out.refused = call.kind in NOT_IN_TRANSACTION

    def run_sql(self, call: Call, guard: Guard | None, *, back: bool = False) -> None:
        """The statements of a RunSQL, one string after the other."""
        said = call.get("reverse_sql", 1) if back else call.get("sql", 0)
        items = said if isinstance(said, list | tuple) else [said]
        for item in items:
            parts = item if isinstance(item, list | tuple) else (item,)
            text = parts[0] if parts else ""
            if isinstance(text, Text):
                self.draft.sql(
                    _filled(text) if len(parts) > 1 and parts[1] is not None else text.pieces, guard
                )
            elif isinstance(text, Unknown | Call):
                name = text.said if isinstance(text, Unknown) else text.name
                if not name.endswith(_NO_SQL):
                    why = f"only a run would tell what {name[:_SHOWN]} is"
                    self.draft.opaque(call.span, "migrations.RunSQL", why)

    def run_python(self, call: Call, guard: Guard | None, *, back: bool = False) -> None:
        """The function that a RunPython calls, in a transaction of its own where Django opens one."""
        code = call.get("reverse_code", 1) if back else call.get("code", 0)
        name = code.said if isinstance(code, Unknown) else getattr(code, "name", "")
        if name.endswith(_NOOP) or does_nothing(self.draft.text, name, self.draft.setup.dialect.name):
            return
        given = call.get("atomic", 2)
        own = self.alone and (given is True or (given is None and self.program.atomic))
        span = call.span
        if own:
            self.draft.control(Control.BEGIN, Span(span.start, span.start), by_tool=True)
        name = (
            name if name.replace(".", "").isidentifier() else "lambda" if name.startswith("lambda") else "?"
        )
        action = self.draft.action(
            "run-python",
            name,
            span,
            traits=(
                *((SETTLED,) if self._is_settled(name) else ()),
                *((NOT_IN_PRODUCTION,) if is_passed_over(self.draft.text, name) else ()),
            ),
            words=words(call),
            guard=guard,
            repeat=Repeat.UNKNOWN,
            in_transaction=InTransaction.ROLLS_BACK,
        )
        self.draft.add([action], span)
        if own:
            self.draft.control(Control.COMMIT, Span(span.end, span.end), by_tool=True)

    def _is_settled(self, name: str) -> bool:
        """Asked where something can be left half done: elsewhere nothing is run once more."""
        if not self.alone or len(self.program.operations) < 2:
            return False
        from partway.tools.django.settled import is_settled  # the rarer half of the work

        return is_settled(self.draft.text, name)

    def opaque(self, said: Call | Unknown, why: str) -> None:
        """An operation of which only the name is known."""
        span = said.span if isinstance(said, Call) else self.program.span
        self.draft.opaque(span, said.kind if isinstance(said, Call) else said.said[:_SHOWN], why)


def words(call: Call) -> str:
    """What the program calls an operation."""
    own = call.name.startswith(("django.db.migrations.", "migrations."))
    return f"migrations.{call.kind}" if own else call.kind


def _filled(text: Text) -> list[Piece]:
    """SQL with parameters: each placeholder is a value that the driver puts in, and a doubled % is one."""
    from partway.tools.python_strings import percent

    filled = percent(text, Unknown(""), text.pieces[0].span) if text.pieces else None
    return list(filled.pieces) if filled is not None else list(text.pieces)
