"""Calls to the statements that the database gets for them, with their guards, into a draft of the section."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from partway.core.operation import CONDITIONAL, Action, Guard, GuardForm, InTransaction, Repeat
from partway.core.postcondition import Name, Postcondition
from partway.core.source import Span
from partway.sql.assembly import assemble
from partway.tools.draft import Draft
from partway.tools.embedded import HOLE
from partway.tools.rails.adapters import Adapter
from partway.tools.rails.commands import RELATION, RESCUED, SOMETHING, Asked, Command, FrameKind, Look
from partway.tools.rails.guards import option_guard
from partway.tools.rails.program import Program
from partway.tools.rails.repeats import repeat_of
from partway.tools.rails.rescues import FIRST
from partway.tools.rails.values import Value, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partway.tools.trees import Tree


class Part(NamedTuple):
    """One thing that a statement does; a statement is a list of them. `command` is the call that it stands for, where
    that is another one than the statement's. `table` is where it is. `guarded` says that the statement guards
    itself. `given` is what a call that did this alone would be given behind the table and the name of what it makes: an
    index's columns, a column's type, the table that a key refers to, a comment's text; and the options."""

    kind: str
    target: str
    facts: tuple[Postcondition, ...] = ()
    traits: frozenset[str] = frozenset()
    repeat: Repeat | None = None
    in_transaction: InTransaction | None = None
    command: Command | None = None
    table: str = ""
    guarded: bool = False
    bulk: bool = False
    given: tuple[Value, dict[str, Value]] | None = None


Statement = list[Part]


class Context(NamedTuple):
    """What decides over names and types: the adapter, the version in the migration's bracket (empty for the newest),
    and the version of Rails that runs it (the bracket's where nobody knows)."""

    program: Program
    adapter: Adapter
    version: tuple[int, ...]
    rails: tuple[int, ...]

    def since(self, *version: int) -> bool:
        """Whether the migration asks for the behaviour of this version or a later one."""
        return not self.version or self.version >= version

    def runs(self, *version: int) -> bool:
        """Whether this version of Rails or a later one runs it; not where a class of the project's own, of which nobody
        knows what runs it, stands above it."""
        return self.rails >= version if self.rails else not self.program.above


Build = Callable[[Context, Command], "list[Statement]"]


#: What is said of an operation of `change` behind a condition that asks whether it is done: on the way down the
#: answer is the other one, and Rails takes nothing back, without a word.
NOT_TAKEN_BACK: Final = (
    "on the way down of `change` the condition is asked again, before anything is reversed"
)
#: `drop_table` is reversed by `create_table` with the same arguments. Without a block Rails refuses that, but not where
#: an option stands.
EMPTY_TABLE: Final = "on the way down of `change` Rails makes the table again without any of its columns"


class Maker:
    """Puts statements into a section. `lost` are the conditions that leave the way down without
    effect; `turned_round` says that Rails makes the way down of this section itself."""

    def __init__(
        self,
        draft: Draft,
        context: Context,
        lost: frozenset[Asked] = frozenset(),
        *,
        turned_round: bool = False,
    ) -> None:
        self.draft = draft
        self.context = context
        self.lost = lost
        self.turned_round = turned_round
        self.ended: set[Look] = set()  # what swallows an error that a second run has raised before
        self.unsettled = False  # a call that may have gone to another database has ended a transaction

    def add(self, command: Command, statement: Sequence[Part]) -> None:
        """One statement that a call sends."""
        parts = list(statement)
        if not parts:
            return  # half typed: a call that names nothing
        facts = [fact for part in parts for fact in part.facts]
        whole = command.span
        header = header_of(self.context.program.tree, command)
        guards = [self._guard(part.command or command, part, facts, parts) for part in parts]
        bare = [
            self._action(command, part, header, guarded=part.guarded and guard is None)
            for part, guard in zip(parts, guards, strict=True)
        ]
        actions = [
            one._replace(guard=guard, repeat=Repeat.SAME if guard.covers else one.repeat) if guard else one
            for one, guard in zip(bare, guards, strict=True)
        ]
        self.end(command, zip(bare, guards, strict=True))
        if is_conditional(command, facts, parts):
            actions = [one._replace(traits=one.traits | {CONDITIONAL}) for one in actions]
        if any(map(_hole, actions)):
            actions = [_without_holes(action) for action in actions]
        operation = assemble(actions, whole, self.draft.section)
        if header != whole:
            operation = operation._replace(span=header)
        not_undone = self._not_undone(command)
        if not_undone:
            operation = operation._replace(notes=(f"not taken back: {not_undone}",), not_undone=not_undone)
        self.draft.run(whole, operation)

    def end(self, command: Command, actions: Iterable[tuple[Action, Guard | None]]) -> None:
        """Know what is not run once more behind these, which a second run cannot do again; each with its guard."""
        if any(one.repeat is Repeat.FAILS and _is_handled(guard) for one, guard in actions):
            self.ended.update([look for look in command.looks if look.object == RESCUED][-1:])

    def _action(self, command: Command, part: Part, header: Span, *, guarded: bool) -> Action:
        its = part.command or command
        span = header if its is command else header_of(self.context.program.tree, its)
        repeat = part.repeat or repeat_of(self.context.adapter.dialect, its.name, part.kind)
        transaction = part.in_transaction
        if self.context.adapter.rebuilds_tables and transaction is None and part.kind not in _PLAIN:
            transaction = InTransaction.ROLLS_BACK
        if guarded:
            repeat = Repeat.SAME
        elif its.looks and repeat in (None, Repeat.FAILS) and _is_there_first(its, part):
            repeat = Repeat.UNKNOWN
        return self.draft.action(
            part.kind,
            part.target,
            span,
            *part.facts,
            traits=part.traits,
            words=its.words or its.name,
            repeat=repeat,
            in_transaction=transaction,
        )

    def _guard(
        self, command: Command, part: Part, facts: list[Postcondition], parts: list[Part]
    ) -> Guard | None:
        option = option_guard(self.context, command, part.kind, bulk=part.bulk)
        if option is not None and (option.covers or not command.looks):
            return option
        return look_guard(command.looks, part, facts, parts, self.ended) or option

    def _not_undone(self, command: Command) -> str:
        if not command.one_way and any(look.asked in self.lost for look in command.looks):
            return NOT_TAKEN_BACK
        if self.turned_round and command.name == "drop_table" and command.block is None:
            # Rails 8.0 takes if_exists for no option when it goes back, and refuses a call that has nothing else.
            telling = set(command.options) - ({"if_exists"} if self.context.runs(8, 0) else set())
            return EMPTY_TABLE if telling else ""
        return ""

    def sql_guard(self, command: Command, actions: Iterable[Action]) -> Guard | None:
        """The guard that the conditions around a string of SQL are for these actions."""
        for action in actions:
            part = Part(action.kind, action.target, action.postconditions)
            found = look_guard(command.looks, part, list(action.postconditions), [part], self.ended)
            if found is not None:
                return found
        return None


#: Statements that SQLite has itself, whose place in its table says what a transaction makes of them.
_PLAIN = frozenset(
    ("create-table", "drop-table", "create-index", "drop-index", "rename-table", "insert", "update", "delete")
)


def look_guard(
    looks: Sequence[Look],
    part: Part,
    facts: list[Postcondition],
    parts: list[Part],
    ended: Container[Look] = (),
) -> Guard | None:
    """The guard that the conditions around a statement are: the one that looks at what it makes or takes away; else one
    that was meant to, with its flaw; None where none of them asks whether it is done."""
    missed: Guard | None = None
    handled: Guard | None = None
    for look in looks:
        if look.object == RESCUED:
            handler = Guard(GuardForm.HANDLER, look.span)
            flaw = FIRST if look in ended else look.flaw
            if handled is None or handled.covers:
                handled = handler.flawed(flaw) if flaw else handler
            continue
        if answers(look, facts, parts):
            covered = Guard(GuardForm.LOOK, look.span)
            return covered.flawed(look.flaw) if look.flaw else covered
        if missed is None and not look.chooses and _meant(look, part):
            missed = missed_by(look)
    return handled or missed


def _is_handled(guard: Guard | None) -> bool:
    return guard is not None and guard.form is GuardForm.HANDLER


def missed_by(look: Look) -> Guard:
    """The guard that a look is for what it does not look at."""
    thing = _SAID.get(look.object, look.object)
    return Guard(GuardForm.LOOK, look.span).flawed(
        f"{look.said} looks at the {thing} {_named(look)}, which this does not "
        f"{'make' if not look.present else 'take away'}: a run that stops in between is not completed"
    )


#: What PostgreSQL's to_regclass() finds by a name.
_RELATIONS = frozenset(("table", "view", "materialized-view", "index", "sequence"))
_SAID = {"foreign key": "foreign key", "check": "check constraint"}


def _named(look: Look) -> str:
    return f"{look.table}.{look.name}" if look.object == "column" else look.name.replace(HOLE, "?")


def _meant(look: Look, part: Part) -> bool:
    """Whether a look is one of those that ask whether things are done: absent before they are made, there before they
    are taken away. A look at the table around, or one the other way round, asks something else."""
    if look.object == SOMETHING:
        return False
    makes = part.kind.startswith(("create-", "add-"))
    takes = part.kind.startswith("drop-")
    if makes and not look.present:
        return True
    return takes and look.present and look.object not in ("table", RELATION)


def is_conditional(command: Command, facts: list[Postcondition], parts: list[Part]) -> bool:
    """Whether a condition stands around a call that nobody can read, and that does not ask whether this is done."""
    return any(
        frame.kind in (FrameKind.WHOLE, FrameKind.PAST)
        or (
            frame.kind is FrameKind.CONDITION
            and not frame.decided
            and not any(answers(look, facts, parts) for look in frame.looks)
        )
        for frame in command.frames
        if not frame.raises
    )


def _is_there_first(command: Command, part: Part) -> bool:
    """Whether a call is made only where what it leaves is so already: by itself it fails in its first run, and keeps
    nothing; and what stands before it behind that condition makes room for it in each."""
    return part.kind.startswith(("create-", "add-", "drop-")) and any(
        look.object not in (SOMETHING, RESCUED) and answers(look.turned(), list(part.facts), [part])
        for look in command.looks
    )


def _may_be(asked: str, name: str) -> bool:
    """Whether a name is the one that is asked for, as far as the text tells which one that is."""
    if HOLE not in asked:
        return asked == name
    return re.fullmatch(".*".join(map(re.escape, asked.split(HOLE))), name) is not None


def _is_told(names: tuple[str, ...], fact: Postcondition) -> bool:
    """Whether what a method is told is enough to ask for this: its name, or its table and all of its columns, which
    Rails makes an index's name of."""
    columns = dict(fact.attributes).get("columns", "").split(", ")
    if fact.name.name in names or (str(fact.table) in names and set(columns) <= set(names)):
        return True
    return fact.object == "index" and fact.name.name == f"index_{names[0]}_on_{'_and_'.join(names[1:])}"


def answers(look: Look, facts: list[Postcondition], parts: list[Part]) -> bool:
    """Whether what a statement leaves behind turns the answer of this look round."""
    if look.object == RESCUED:
        return False
    if look.object == SOMETHING:
        return any(_is_told(look.columns, fact) for fact in facts)
    if look.object == RELATION:
        return any(
            fact.object in _RELATIONS and fact.present != look.present and _may_be(look.name, fact.name.name)
            for fact in facts
        )
    wanted = "constraint" if look.object in ("foreign key", "check") else look.object
    for fact in facts:
        if fact.object != wanted or fact.present == look.present:
            continue
        if wanted == "table" or (fact.table is None and wanted != "index"):
            if str(fact.name) == look.name or fact.name.name == look.name:
                return True
        elif wanted == "index":
            same_table = fact.table is None or not look.table or str(fact.table) == look.table
            columns = next((value for key, value in fact.attributes if key == "columns"), None)
            if same_table and (
                fact.name.name == look.name or (look.columns and columns == ", ".join(look.columns))
            ):
                return True
        elif str(fact.table) == look.table:
            if fact.name.name == look.name:
                return True
            attributes = dict(fact.attributes)
            if look.object == "foreign key" and attributes.get("kind") == "foreign key":
                points = attributes.get("references", "").partition(" ")[0]
                if look.columns and attributes.get("columns") == ", ".join(look.columns):
                    return True
                if not look.columns and look.to_table and points == look.to_table:
                    return True
    if look.object == "foreign key":
        return any(
            part.kind == ("drop-constraint" if look.present else "add-constraint")
            and part.table == look.table
            and look.name == part.target.rpartition(".")[2]
            for part in parts
        )
    return False


def header_of(tree: Tree, command: Command) -> Span:
    """A call without its block: what a person sees as the operation."""
    if command.block is None:
        return command.span
    node = command.node
    before = node.child_by_field_name("arguments") or node.child_by_field_name("method")
    return command.span if before is None else Span(command.span.start, tree.span(before).end)


def _hole(action: Action) -> bool:
    """Whether a name in it is one that nobody knows."""
    if HOLE in action.target:
        return True
    for fact in action.postconditions:
        if HOLE in fact.name.name or (fact.table is not None and HOLE in fact.table.name):
            return True
        for _, value in fact.attributes:
            if HOLE in value:
                return True
    return False


def _without_holes(action: Action) -> Action:
    if not _hole(action):
        return action
    return action._replace(target=action.target.replace(HOLE, "?"), postconditions=())


def table_of(value: Value) -> Name:
    """A table's name, with its schema where one is written."""
    name = name_of(value)
    if "." in name:
        schema, _, table = name.rpartition(".")
        return Name(table.strip('"`'), schema.strip('"`'))
    return Name(name)
