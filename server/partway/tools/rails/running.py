"""A migration run on paper: its statements in order, to the calls that they make.

As Rails does it: `change` is run once for each direction, with a recorder in between on the way down. What only a run
would tell is kept open: both branches of such a condition are read, the body of such a loop once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from partway.tools.rails.binding import bind
from partway.tools.rails.bound import Connection
from partway.tools.rails.commands import Block, Command, Frame, FrameKind, Looks
from partway.tools.rails.directions import SPECIAL, change_table
from partway.tools.rails.inverse import inverse
from partway.tools.rails.looks import TAKES_OPTIONS, arguments, options_last
from partway.tools.rails.program import Program
from partway.tools.rails.receivers import call_on
from partway.tools.rails.rescues import rescued
from partway.tools.rails.scope import Scope
from partway.tools.rails.statements import DEEPEST, STATEMENTS
from partway.tools.rails.values import UNKNOWN, Value
from partway.tools.rails.vocabulary import METHODS, QUIET, RECORDED, RUN_SQL, RUNS_BLOCK
from partway.tools.rails.ways_out import OF_BLOCKS, Way, otherwise, taken_upward

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST_COMMANDS: Final = 4000
_MOST_STATEMENTS: Final = 40_000


class Running:
    """One direction of one migration. `reverting` says that calls are recorded to be turned round, `in_transaction`
    that Rails has opened a transaction around it."""

    def __init__(self, program: Program, *, reverting: bool = False, in_transaction: bool = True) -> None:
        self.program = program
        self.tree = program.tree
        self.reverting = reverting
        self.recording = reverting  # False again inside `dir.down { }`, which runs as it stands
        self.commands: list[Command] = []
        self.sink: list[Command] = self.commands
        self.looks: Looks = ()
        self.frames: tuple[Frame, ...] = ()
        self.left: list[Way] = []  # the ways out of the method that have been passed in this block
        self.way_out = ""  # by which word a body was left last
        self.in_transaction = in_transaction
        self.one_way = False  # inside `reversible` and `up_only`
        self.beside_another = False  # in a transaction of another connection, and in none of its own
        self.aside = False  # in a call that may go to a database of which no transaction is open
        self.statements = 0
        self.depth = 0
        self.inlined: list[str] = []
        self.made = 0
        self.top = Scope(program)
        self.top.bind("connection", Connection(recorded=True))
        self.valued: Node | None = None  # the expression around this place whose value is used
        self.top.bind("self", Connection(recorded=True))
        self.top.bind("reverting?", reverting)

    # Sections ---------------------------------------------------------------------------------------------------------

    def method(self, node: Node) -> None:
        """Run a method of the migration: what it calls is in `commands`. Raises Irreversible for a `change` that
        cannot be turned round."""
        body = node.child_by_field_name("body")
        if body is None:
            return
        scope = Scope(self.program, self.top)
        if not self.reverting:
            self.body(body, scope)
            return
        recorded: list[Command] = []
        self.sink = recorded
        self.body(body, scope)
        self.sink = self.commands
        self.commands += reversed(recorded)

    # Statements -------------------------------------------------------------------------------------------------------

    def body(self, node: Node, scope: Scope) -> bool:
        """The statements of a body; False where one of them leaves it for certain."""
        if self.depth > DEEPEST:
            return True
        self.depth += 1
        if node.type == "body_statement" and rescued(self, node) is not None:
            goes_on = STATEMENTS["begin"](self, node, scope)
            self.depth -= 1
            return goes_on
        looks, frames = self.looks, self.frames
        goes_on = True
        for child in node.named_children:
            self.statements += 1
            if self.statements > _MOST_STATEMENTS or self.made > _MOST_COMMANDS:
                break
            before = len(self.left)
            statement = STATEMENTS.get(child.type)
            if statement is not None and statement(self, child, scope) is False:
                goes_on = False
                break
            self.passed(before)
        self.looks, self.frames = looks, frames
        self.depth -= 1
        return goes_on

    def call(self, node: Node, scope: Scope, used: bool = False) -> bool:
        """A call, whose value is `used` or not; False where it leaves what stands around it for certain."""
        method = node.child_by_field_name("method")
        if method is None or self.depth > DEEPEST:
            return True
        self.depth += 1
        name = self.tree.said(method)
        receiver = node.child_by_field_name("receiver")
        given = node.child_by_field_name("arguments")
        block = node.child_by_field_name("block")
        if receiver is None or receiver.type == "self":
            goes_on = self.plain(node, name, scope, given, block, used)
        else:
            goes_on = call_on(self, node, name, receiver, given, block, scope, used)
        self.depth -= 1
        return goes_on

    def plain(
        self, node: Node, name: str, scope: Scope, given: Node | None, block: Node | None, used: bool
    ) -> bool:
        """A call without a receiver."""
        if name in self.program.methods:
            return self._inline(node, name, scope, given, block)
        if name in METHODS:
            self.command(node, name, scope, given, block)
            return True
        special = SPECIAL.get(name)
        if special is not None:
            special(self, node, scope, given, block)
            return True
        if name in RUNS_BLOCK:
            with self.inside(FrameKind.BLOCK, node, scope):
                self.in_place(block, scope)
            return True
        if name in ("raise", "fail", "abort", "exit"):
            if given is not None and "IrreversibleMigration" in self.tree.said(given):
                self.record(Command("irreversible", (), {}, node, self.tree.span(node), self.looks))
            self.way_out = "raise"
            return False
        # What says something on the screen, as Rails's own `say` does; a block may do anything.
        speaks = name in QUIET or (name.startswith("say_") and block is None)
        if not (used or speaks or name.endswith("?")):
            self.opaque(node, name, "a helper that this file does not define", block, scope)
        return True

    def _inline(self, node: Node, name: str, scope: Scope, given: Node | None, block: Node | None) -> bool:
        """A method of the file, with what it is given."""
        method = self.program.methods[name]
        body = method.child_by_field_name("body")
        if body is None:
            return True
        if name in self.inlined or len(self.inlined) > 12:
            self.opaque(node, name, "a method that calls itself", scope=scope)
            return True
        args, options = arguments(given, scope)
        inner = Scope(self.program, self.top)
        parameters = method.child_by_field_name("parameters")
        left = list(args)
        for parameter in parameters.named_children if parameters is not None else ():
            bind(self.tree, parameter, left, options, inner)
        if block is not None:
            inner.bind("&block", self.make_block(block, scope))
        self.inlined.append(name)
        looks, frames, before = self.looks, self.frames, len(self.left)
        self.body(body, inner)
        self.looks, self.frames = looks, frames
        del self.left[before:]
        self.inlined.pop()
        return True

    # What the rest of the reader asks for -----------------------------------------------------------------------------

    def command(
        self,
        node: Node,
        name: str,
        scope: Scope,
        given: Node | None,
        block: Node | None,
        table: str = "",
        words: str = "",
        sink: Callable[[Command], None] | None = None,
        direct: bool = False,
    ) -> None:
        """A call of the migration: recorded, and turned round where the direction wants that. `table` is its first
        argument where the call is one on a table; `direct` says that it goes past the recorder."""
        args, options = arguments(given, scope)
        if not options and args[1:] and name in TAKES_OPTIONS:
            args, options = options_last(args, TAKES_OPTIONS[name] - bool(table))
        if name in RUN_SQL:
            scope = scope.as_it_is()  # the SQL is read when all has run
        if table:
            args.insert(0, table)
        made = Command(
            name, tuple(args), options, node, self.tree.span(node), self.looks, self.make_block(block, scope), words,
            scope=scope,
        )  # fmt: skip
        if sink is not None:
            sink(made)
        elif name == "change_table":
            change_table(self, made)
        else:
            self.record(made, direct)

    def record(self, made: Command, direct: bool = False) -> None:
        """Put a call where the direction wants it."""
        self.made += 1
        if self.frames and not made.frames:
            made = made._replace(frames=self.frames)
        if direct or self.one_way:
            made = made._replace(one_way=True)
        if self.aside:
            made = made._replace(aside=True)
        if self.recording and (direct or made.name not in RECORDED):
            self.commands.append(made)
        elif self.recording:
            self.sink.append(inverse(made, self.program.rails))
        else:
            self.sink.append(made)

    def opaque(
        self, node: Node, name: str, why: str, block: Node | None = None, scope: Scope | None = None
    ) -> None:
        """A call that nobody can follow; what its block calls is read all the same."""
        span = self.tree.span(node)
        self.made += 1
        around = self.frames
        if block is not None and scope is not None:
            self.frames = (*around, Frame(FrameKind.WHOLE, node, scope))
        self.sink.append(
            Command("opaque", (name, why), {}, node, span, self.looks, scope=scope, frames=self.frames)
        )
        if block is not None and scope is not None:
            self.block(block, scope)
        self.frames = around

    @contextmanager
    def inside(
        self, kind: FrameKind, node: Node, scope: Scope, wanted: bool = True, looks: Looks = ()
    ) -> Iterator[None]:
        """What is run meanwhile stands in this construct."""
        around, self.frames = self.frames, (*self.frames, Frame(kind, node, scope, wanted, looks))
        try:
            yield
        finally:
            self.frames = around

    def make_block(self, block: Node | None, scope: Scope) -> Block | None:
        """A block with the names of its parameters."""
        if block is None:
            return None
        parameters = block.child_by_field_name("parameters")
        said = self.tree.said
        names = tuple(map(said, parameters.named_children)) if parameters is not None else ()
        return Block(names, block.child_by_field_name("body"), scope)

    def block(self, block: Node | None, scope: Scope, *given: Value) -> bool:
        """Run a block with these parameters."""
        before = len(self.left)
        made = self.make_block(block, scope)
        goes_on = True if made is None else self.run_block(made, *given)
        del self.left[before:]  # it may not be run at all
        return goes_on

    def in_place(self, block: Node | None, scope: Scope, *given: Value, upward: bool = False) -> bool:
        """Run a block that is run for certain, though perhaps only `upward`: a `return` in it leaves the method, so
        that what follows the block runs on the other answers."""
        left = len(self.left)
        made = self.make_block(block, scope)
        goes_on = True if made is None else self.run_block(made, *given)
        ways = [way for way in self.left[left:] if way.word not in OF_BLOCKS]
        self.left[left:] = map(taken_upward, ways) if upward else ways
        return goes_on

    def passed(self, mark: int) -> None:
        """From here on to the end of the body, things run where none of the ways out since then was taken."""
        for way in self.left[mark:]:
            condition = otherwise(way)
            self.looks = (*self.looks, *condition.looks)
            self.frames = (*self.frames, condition)

    def run_block(self, block: Block, *given: Value) -> bool:
        """Run a block with these parameters; False where it leaves its loop for certain."""
        if block.body is None:
            return True
        inner = Scope(self.program, block.scope)
        names = block.parameters
        if len(names) > 1 and len(given) == 1 and isinstance(given[0], list):
            given = tuple(given[0])
        for index, name in enumerate(names):
            inner.bind(name.lstrip("*&"), given[index] if index < len(given) else UNKNOWN)
        if not names and given:
            for implicit in ("it", "_1"):
                inner.bind(implicit, given[0])
        return self.body(block.body, inner)
