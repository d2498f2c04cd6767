"""Goes through a revision's `upgrade` and `downgrade` as Python would, as far as the text tells, without running it.

Loops over literals are unrolled, conditions on the dialect decided, the file's own functions entered. What only a run
would decide is gone through once, with the condition noted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from partway.core.operation import Guard, GuardForm
from partway.tools.alembic.looks import Condition, Meaning, meaning, through
from partway.tools.python_functions import parameters
from partway.tools.python_operators import added
from partway.tools.python_program import Program, imported
from partway.tools.python_scope import Scope
from partway.tools.python_values import UNKNOWN, Call, Formula, Item, Member, Ref, Unknown, listed, truth

if TYPE_CHECKING:
    from tree_sitter import Node

#: Iterations of one loop, functions inside functions, and statements of one section that are gone through.
LOOP, NESTED, STATEMENTS = 300, 12, 20_000
#: Blocks inside blocks, over all functions.
DEEPEST = 40
_LEAVES = {
    "return_statement": "return",
    "raise_statement": "raise",
    "break_statement": "break",
    "continue_statement": "continue",
}
#: Methods that change the collection that they are called on.
_FILLS = frozenset(
    """add append clear discard extend insert pop popitem remove reverse setdefault sort update""".split()  # noqa: SIM905 # words
)
_SWALLOWS = frozenset(("raise_statement",))


#: What can have calls inside; a `Text`, which most arguments are, has none.
_COMPOSED = (Call, Member, Formula, list, tuple)


class Effects(Protocol):
    """What is told of the calls on the way."""

    conditions: list[Condition]  # those that hold at this place, the outermost first

    @property
    def goes_on(self) -> bool:
        """Whether the database goes on here after an error that is caught: no transaction has ended with it."""
        ...

    def called(self, call: Call, scope: Scope) -> None:
        """A call that is no function of the file's own."""
        ...

    def entered(self, value: object, node: Node, scope: Scope) -> object:
        """A `with` begins; what it gives is told to `left`. What it binds is `bound` of it."""
        ...

    def bound(self, entered: object) -> object:
        """What `with ... as name` binds."""
        ...

    def left(self, entered: object) -> None:
        """The `with` ends."""
        ...


def handed(program: Program, definition: Node) -> Scope:
    """The names that a way begins with. `context.run_migrations(op=op)` hands its keywords on to `upgrade` and to
    `downgrade`, and so do runners of one's own: an `op` among their parameters is Alembic's."""
    listing = definition.child_by_field_name("parameters")
    for child in listing.named_children if listing is not None else ():
        name = child.child_by_field_name("name") or child
        if name.type != "identifier" and name.named_child_count:
            name = name.named_children[0]
        if program.tree.said(name) == "op":
            return Scope(program, None, {"op": Ref("alembic.op")})
    return Scope(program)


class Flow:
    """Goes through the statements of a program, and tells the effects."""

    def __init__(self, program: Program, effects: Effects) -> None:
        self.program = program
        self.effects = effects
        self.depth = 0
        self.inside: list[str] = []
        self.left = STATEMENTS
        self.level = 0

    def function(self, node: Node, scope: Scope) -> None:
        """Go through a function's body."""
        body = node.child_by_field_name("body")
        if body is not None and self.depth < NESTED:
            self.depth += 1
            held = len(self.effects.conditions)
            self.block(body, scope)
            del self.effects.conditions[held:]
            self.depth -= 1

    def block(self, node: Node, scope: Scope) -> str:
        """Go through statements; "return", "raise", "break" or "continue" where they end so, else empty."""
        held = len(self.effects.conditions)
        leaves = ""
        self.level += 1
        for statement in node.named_children:
            self.left -= 1
            if self.left < 0 or self.level > DEEPEST:
                break
            leaves = self._statement(statement, scope)
            if leaves:
                break
        self.level -= 1
        del self.effects.conditions[held:]
        return leaves

    def _statement(self, node: Node, scope: Scope) -> str:
        kind = node.type
        if kind == "expression_statement":
            for expression in node.named_children:
                self._expression(expression, scope)
        elif kind == "if_statement":
            return self._if(node, scope)
        elif kind in ("for_statement", "while_statement"):
            self._loop(node, scope)
        elif kind == "with_statement":
            return self._with(node, scope)
        elif kind == "try_statement":
            return self._try(node, scope)
        elif kind in _LEAVES:
            for child in node.named_children:
                self._told(child, scope.value(child), scope)
            return _LEAVES[kind]
        elif kind in ("import_statement", "import_from_statement"):
            for name, path in imported(self.program.tree, node).items():
                scope.names[name] = Ref(path)
        elif kind in ("function_definition", "decorated_definition"):
            definition = node.child_by_field_name("definition") or node
            named = definition.child_by_field_name("name")
            if named is not None and definition.type == "function_definition":
                self.program.functions.setdefault(self.program.tree.said(named), definition)
        elif kind == "match_statement":
            for child in node.named_children:
                if child.type == "block":
                    for case in child.named_children:
                        for inner in case.named_children:
                            if inner.type == "block":
                                self._perhaps(inner, scope, Meaning(asks=True), node)
        return ""

    def _expression(self, node: Node, scope: Scope) -> None:
        if node.type in ("assignment", "augmented_assignment"):
            right, left = node.child_by_field_name("right"), node.child_by_field_name("left")
            while right is not None and right.type == "assignment":
                right = right.child_by_field_name("right")
            value = scope.value(right)
            self._told(right, value, scope)
            if left is not None:
                if node.type == "augmented_assignment" and right is not None:
                    operator = node.child_by_field_name("operator")
                    plus = operator is not None and self.program.tree.said(operator) == "+="
                    spans = [self.program.tree.span(left), self.program.tree.span(right)]
                    value = added([scope.value(left), value], spans) if plus else UNKNOWN
                scope.bind(left, value)
                if left.type in ("subscript", "attribute"):
                    self._filled(
                        left.child_by_field_name("value" if left.type == "subscript" else "object"), scope
                    )
        elif node.type != "string":
            self._told(node, scope.value(node), scope)
            function = node.child_by_field_name("function") if node.type == "call" else None
            if function is not None and function.type == "attribute":
                method = function.child_by_field_name("attribute")
                if method is not None and self.program.tree.said(method) in _FILLS:
                    self._filled(function.child_by_field_name("object"), scope)

    def _filled(self, node: Node | None, scope: Scope) -> None:
        """A collection has been changed: what it holds, nobody knows any more."""
        if node is not None and node.type == "identifier":
            name = self.program.tree.said(node)
            if listed(scope.look_up(name)) is not None:
                scope.names[name] = UNKNOWN

    def _told(self, node: Node | None, value: object, scope: Scope, depth: int = 0) -> None:
        """Tell the calls that are written in an expression, innermost first; those behind its names have been
        told where they are written."""
        if depth > 12 or node is None:
            return
        if isinstance(value, Call):
            function = value.function
            if isinstance(function, Ref) and function.path.startswith("sqlalchemy."):
                return  # a column, a type, an expression
            if not node.start_byte <= value.node.start_byte < value.node.end_byte <= node.end_byte:
                return
            if isinstance(function, Member):
                self._told(node, function.of, scope, depth + 1)
            for argument in value.arguments:
                if isinstance(argument.value, _COMPOSED):
                    self._told(node, argument.value, scope, depth + 1)
            self._call(value, scope)
        elif isinstance(value, Member):
            self._told(node, value.of, scope, depth + 1)
        elif isinstance(value, Formula):
            for each in value.operands:
                self._told(node, each, scope, depth + 1)
        elif isinstance(value, list) or type(value) is tuple:
            for each in list(value)[:LOOP]:
                self._told(node, each, scope, depth + 1)

    def _call(self, call: Call, scope: Scope) -> None:
        function = call.function
        definition = self.program.functions.get(function.path) if isinstance(function, Ref) else None
        if definition is None:
            self.effects.called(call, scope)
            return
        name = call.path
        if name in self.inside:
            return
        self.inside.append(name)
        self.function(definition, Scope(self.program, None, parameters(self.program, definition, call)))
        self.inside.pop()

    def _if(self, node: Node, scope: Scope) -> str:
        """Each branch as it may be taken. One that leaves for good says something of what follows."""
        held = len(self.effects.conditions)
        before = dict(scope.names)
        ends: list[dict[str, object]] = []
        kept: list[Condition] = []  # what is known behind it, where a branch leaves
        decided = False
        results: list[str] = []
        for condition, body in branches_of(node):
            value = scope.value(condition) if condition is not None else True
            self._told(condition, value, scope)
            known = truth(value)
            if known is False:
                continue
            scope.names.clear()
            scope.names.update(before)
            asked = meaning(value) if known is None else Meaning()
            span = self.program.tree.span(condition) if condition is not None else None
            if known is None and span is not None:
                self.effects.conditions.append(Condition(asked.true, span, asked.asks))
            result = self.block(body, scope) if body is not None else ""
            if known is None and span is not None:
                self.effects.conditions.pop()
                otherwise = Condition(asked.false, span, asked.asks)
                self.effects.conditions.append(otherwise)  # for the branches that follow
                if result:
                    kept.append(otherwise)
            results.append(result)
            if not result:
                ends.append(dict(scope.names))
            if known is True:
                decided = True
                break
        del self.effects.conditions[held:]
        if not decided:
            ends.append(before)
        scope.names.clear()
        scope.names.update(_merged(ends) if ends else before)
        if decided and results and all(results):
            return results[-1]
        self.effects.conditions += kept
        return ""

    def _perhaps(self, body: Node, scope: Scope, asked: Meaning, node: Node) -> str:
        before = dict(scope.names)
        self.effects.conditions.append(Condition(asked.true, self.program.tree.span(node), asked.asks))
        result = self.block(body, scope)
        self.effects.conditions.pop()
        merged = _merged([before, scope.names])
        scope.names.clear()
        scope.names.update(merged)
        return result

    def _loop(self, node: Node, scope: Scope) -> None:
        body, left, right = (node.child_by_field_name(name) for name in ("body", "left", "right"))
        if body is None:
            return
        if left is None or right is None:  # while
            condition = node.child_by_field_name("condition")
            self._told(condition, scope.value(condition), scope)
            self._perhaps(body, scope, Meaning(), node)
            return
        found = scope.value(right)
        self._told(right, found, scope)
        items = listed(found)
        if items is None:
            scope.bind(left, Item(found))
            self._perhaps(body, scope, through(found), right)
            return
        for item in items[:LOOP]:
            scope.bind(left, item)
            if self.block(body, scope) in ("return", "raise", "break"):
                break

    def _with(self, node: Node, scope: Scope) -> str:
        entered: list[object] = []
        for item in _with_items(node):
            value_node = item.child_by_field_name("value")
            if value_node is None:
                continue
            target = None
            if value_node.type == "as_pattern":
                alias = value_node.child_by_field_name("alias")
                target = alias.named_children[0] if alias is not None and alias.named_child_count else None
                value_node = value_node.named_children[0]
            value = scope.value(value_node)
            inside = self.effects.entered(value, value_node, scope)
            entered.append(inside)
            if target is not None:
                scope.bind(target, self.effects.bound(inside))
        body = node.child_by_field_name("body")
        result = self.block(body, scope) if body is not None else ""
        for inside in reversed(entered):
            self.effects.left(inside)
        return result

    def _try(self, node: Node, scope: Scope) -> str:
        body = node.child_by_field_name("body")
        clauses = [child for child in node.named_children if child.type == "except_clause"]
        swallowing = [clause for clause in clauses if not _raises(clause)]
        held = len(self.effects.conditions)
        if swallowing:
            span = self.program.tree.span(swallowing[0])
            guard = Guard(GuardForm.HANDLER, span)
            if not self.effects.goes_on:
                guard = guard.flawed("the error that it catches has already ended PostgreSQL's transaction")
            self.effects.conditions.append(Condition((), span, handler=guard))
        result = self.block(body, scope) if body is not None else ""
        del self.effects.conditions[held:]
        for child in node.named_children:
            inner = next((each for each in child.named_children if each.type == "block"), None)
            if inner is None or child.type == "block":
                continue
            if child.type == "except_clause":
                if not _ends_in_raise(inner):  # else it clears up behind an error that ends the revision
                    self._perhaps(inner, scope, Meaning(asks=True), child)
            elif child.type == "else_clause" and not result:
                result = self.block(inner, scope)
            elif child.type == "finally_clause":
                self.block(inner, scope)
        return "" if swallowing else result


def branches_of(node: Node) -> Iterator[tuple[Node | None, Node | None]]:
    """Condition and body of each branch of an `if`; the condition of `else` is None."""
    yield node.child_by_field_name("condition"), node.child_by_field_name("consequence")
    for clause in node.children_by_field_name("alternative"):
        if clause.type == "elif_clause":
            yield clause.child_by_field_name("condition"), clause.child_by_field_name("consequence")
        else:
            yield None, clause.child_by_field_name("body")


def _with_items(node: Node) -> Iterator[Node]:
    for clause in node.named_children:
        if clause.type == "with_clause":
            for item in clause.named_children:
                if item.type == "with_item":
                    yield item


def _merged(ends: list[dict[str, object]]) -> dict[str, object]:
    """What is known of names where several ways meet: what all agree on."""
    first, *others = ends
    found = dict(first)
    for other in others:
        for name in [*found, *other]:
            one, two = found.get(name, UNKNOWN), other.get(name, UNKNOWN)
            if one is not two and not _equal(one, two):
                found[name] = UNKNOWN
    return found


def _equal(one: object, two: object) -> bool:
    return type(one) is type(two) and not isinstance(one, Call | Unknown) and one == two


def _ends_in_raise(body: Node) -> bool:
    """Whether what these statements do is never gone on from."""
    last = next((child for child in reversed(body.named_children) if child.type != "comment"), None)
    return last is not None and last.type in _SWALLOWS


def _raises(clause: Node) -> bool:
    """Whether an `except` raises again."""
    pending = [clause]
    for node in pending:
        if node.type in _SWALLOWS:
            return True
        if len(pending) < 500:
            pending += node.named_children
    return False
