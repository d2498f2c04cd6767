"""The statements of a migration, each run on paper: conditions, loops, assignments, ways out.

Each gives False where it leaves what stands around it for certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from partway.tools.rails.commands import Frame, FrameKind, Looks
from partway.tools.rails.directions import SPECIAL
from partway.tools.rails.looks import looks_of
from partway.tools.rails.pure import chosen, truth
from partway.tools.rails.receivers import records_of
from partway.tools.rails.rescues import ends, rescued, swallowing
from partway.tools.rails.values import REST, UNKNOWN, Unknown, evaluate
from partway.tools.rails.ways_out import leave, through

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.running import Running
    from partway.tools.rails.scope import Scope

#: How deep statements are followed: blocks in blocks, calls on calls, methods of the file in methods.
DEEPEST: Final = 40


def run_branch(
    running: Running, node: Node | None, scope: Scope, looks: Looks = (), frames: tuple[Frame, ...] = ()
) -> bool:
    """A branch of a condition; False where it leaves what stands around it."""
    if node is None:
        return True
    before, around, left = running.looks, running.frames, len(running.left)
    if frames:
        running.frames = (*around, *frames)
    running.looks = (*before, *looks)
    if node.type in _BODIES:
        goes_on = running.body(node, scope)
    else:
        statement = STATEMENTS.get(node.type)
        running.depth += 1
        goes_on = statement is None or running.depth > DEEPEST or statement(running, node, scope) is not False
        running.depth -= 1
    running.looks, running.frames = before, around
    running.left[left:] = through(frames, running.left[left:])
    return goes_on


#: Words that ask which database it is: such a condition is decided here, and is another one elsewhere.
_ADAPTER = re.compile(r"adapter|postgres|mysql|mariadb|sqlite|oracle|sqlserver|mssql|\bpg\b|\bsupports_")


def _if(running: Running, node: Node, scope: Scope) -> bool:
    kind = node.type
    condition = node.child_by_field_name("condition")
    modifier = kind.endswith("_modifier")
    then = node.child_by_field_name("body" if modifier else "consequence")
    other = None if modifier else node.child_by_field_name("alternative")
    if condition is None:
        return True
    wanted = not kind.startswith("unless")
    decided = truth(evaluate(condition, scope))
    if decided is not None:
        asks = (Frame(FrameKind.CONDITION, condition, scope, decided, decided=True),)
        frames = asks if _ADAPTER.search(running.tree.said(condition).lower()) else ()
        return run_branch(running, then if decided is wanted else other, scope, (), frames)
    looks = looks_of(condition, scope, wanted)
    if other is not None and then is not None:
        looks = tuple(look._replace(chooses=True) for look in looks)
    frame = Frame(FrameKind.CONDITION, condition, scope, wanted, looks)
    mark, made = len(running.left), running.made
    goes_on = run_branch(running, then, scope, looks, (frame,))
    if not goes_on:  # what it leaves without a call, it does not do in another way
        chooses = other is not None and running.made > made
        frame = frame._replace(looks=tuple(look._replace(chooses=chooses) for look in looks))
        leave(running, frame, running.way_out, mark)
    if other is None:
        return True
    turned = tuple(look.turned() for look in frame.looks)
    frame = frame._replace(wanted=not wanted, looks=turned)
    mark, made = len(running.left), running.made
    other_goes_on = run_branch(running, other, scope, turned, (frame,))
    if not other_goes_on and goes_on:
        turned = tuple(look._replace(chooses=running.made > made) for look in turned)
        leave(running, frame._replace(looks=turned), running.way_out, mark)
    return goes_on or other_goes_on


def _case(running: Running, node: Node, scope: Scope) -> bool:
    branch = chosen(node, scope)
    if not isinstance(branch, Unknown):
        return run_branch(running, branch, scope)
    goes_on, is_whole = False, False
    for child in node.named_children:
        if child.type not in ("when", "in_clause", "else"):
            continue
        is_whole = child.type == "else"
        mark, whole = len(running.left), Frame(FrameKind.WHOLE, node, scope, branch=child)
        body = child if is_whole else child.child_by_field_name("body")
        if run_branch(running, body, scope, (), (whole,)):
            goes_on = True
        else:
            leave(running, whole, running.way_out, mark)
    return goes_on or not is_whole


def _begin(running: Running, node: Node, scope: Scope) -> bool:
    """What stands between `begin` and `end`; `rescue` runs only after an error, and is not read. Where it swallows the
    error, what raised it can be repeated."""
    goes_on = True
    swallows = rescued(running, node)
    looks = (swallows,) if swallows is not None else ()
    handled = any(child.type in ("rescue", "ensure") for child in node.named_children)
    whole = (Frame(FrameKind.WHOLE, node, scope),) if handled else ()
    around = running.looks, running.frames
    for child in node.named_children:
        kind, mark = child.type, len(running.left)
        if kind == "ensure" or (goes_on and kind not in ("rescue", "else")):
            goes_on = run_branch(running, child, scope, looks if kind != "ensure" else (), whole) and goes_on
            running.passed(mark)
    running.looks, running.frames = around
    return goes_on


def _rescue(running: Running, node: Node, scope: Scope) -> bool:
    """`call rescue nil`: what stands first, whose error is swallowed."""
    body, handler = node.child_by_field_name("body"), node.child_by_field_name("handler")
    if body is None or handler is None or ends(running, handler):
        return _first(running, node, scope)
    whole = Frame(FrameKind.WHOLE, node, scope)
    return run_branch(running, body, scope, (swallowing(running, handler, node),), (whole,))


def _first(running: Running, node: Node, scope: Scope) -> bool:
    """`a while b`: what stands first."""
    body = node.child_by_field_name("body")
    whole = Frame(FrameKind.WHOLE, node, scope)
    return run_branch(running, body if body is not None else node.named_children[0], scope, (), (whole,))


def _leave(running: Running, node: Node, scope: Scope) -> bool:
    running.way_out = node.type
    for child in node.named_children:  # return add_column(...)
        for each in child.named_children if child.type == "argument_list" else ():
            read_value(running, each, scope)
    return False


def _assign(running: Running, node: Node, scope: Scope) -> bool:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return True
    read_value(running, right, scope)
    if left.type == "identifier":
        value = evaluate(right, scope) if node.type == "assignment" else UNKNOWN
        if value is UNKNOWN and right.type == "call":
            value = records_of(running, right, scope)
        scope.assign(running.tree.said(left), value, right if node.type == "assignment" else None)
    elif left.type == "element_reference":
        _assign_element(running, node, left, scope)
    elif left.type == "left_assignment_list":
        values = evaluate(right, scope) if right.type == "array" else UNKNOWN
        if right.type == "right_assignment_list":
            values = [evaluate(each, scope) for each in right.named_children]
        for index, each in enumerate(left.named_children):
            known = isinstance(values, list) and index < len(values)
            scope.assign(
                running.tree.said(each), values[index] if isinstance(values, list) and known else UNKNOWN
            )
    return True


def _assign_element(running: Running, node: Node, left: Node, scope: Scope) -> None:
    """`options[:algorithm] = :concurrently`. On a condition that nobody knows, nobody knows the element either."""
    right, children = node.child_by_field_name("right"), left.named_children
    held = evaluate(children[0], scope) if len(children) == 2 else UNKNOWN
    if right is None or not isinstance(held, dict) or children[0].type != "identifier":
        return
    key = evaluate(children[1], scope)
    sure = node.type == "assignment" and all(
        frame.kind is FrameKind.CONDITION and frame.decided for frame in running.frames
    )
    value = evaluate(right, scope) if sure else UNKNOWN
    scope.assign(running.tree.said(children[0]), {**held, key if isinstance(key, str) else REST: value})


def _either(running: Running, node: Node, scope: Scope) -> bool:
    """`condition && call`, `condition || call`, `condition and call`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None or operator.type not in ("&&", "and", "||", "or"):
        return True
    wanted = operator.type in ("&&", "and")
    read_value(running, left, scope)
    decided = truth(evaluate(left, scope))
    if decided is None or decided is wanted:
        looks = looks_of(left, scope, wanted) if decided is None else ()
        asks = decided is None or _ADAPTER.search(running.tree.said(left).lower())
        frame = Frame(FrameKind.CONDITION, left, scope, wanted, looks, decided=decided is not None)
        mark = len(running.left)
        if not run_branch(running, right, scope, looks, (frame,) if asks else ()):
            if decided is not None:
                return False
            leave(running, frame, running.way_out, mark)  # table_exists?(:users) and return
    return True


def read_value(running: Running, node: Node, scope: Scope) -> None:
    """An expression whose value is used: a call of the migration in it still counts."""
    if node.type in (
        "call",
        "begin",
        "if",
        "case",
        "case_match",
        "unless",
        "parenthesized_statements",
        "conditional",
        "binary",
    ):
        if node.type == "call":
            running.call(node, scope, used=True)
            return
        around, running.valued = running.valued, node
        run_branch(running, node, scope)
        running.valued = around


def _call(running: Running, node: Node, scope: Scope) -> bool:
    return running.call(node, scope, used=running.valued is not None and _gives(node, running.valued))


def _gives(node: Node, whole: Node) -> bool:
    """Whether the value of a call is that of the whole expression, in one of its branches."""
    while node != whole:
        around = node.parent
        if around is None or around.type not in _BRANCHED:
            return False
        if around.type in _LAST and around.named_children[-1] != node:
            return False
        node = around
    return True


def _name(running: Running, node: Node, scope: Scope) -> bool:
    """A name by itself: a method without arguments, unless it is a variable."""
    said = running.tree.said(node)
    if scope.holds(said):
        return True
    return running.plain(node, said, scope, None, None, used=False)


def _body(running: Running, node: Node, scope: Scope) -> bool:
    return running.body(node, scope)


def _yield(running: Running, node: Node, scope: Scope) -> bool:
    SPECIAL["yield"](running, node, scope, None, None)
    return True


#: What gives the value of one of its branches, and the bodies that give the value of their last statement.
_LAST = frozenset(("then", "else", "parenthesized_statements", "begin", "body_statement"))
_BRANCHED = _LAST | {"case", "case_match", "when", "in_clause", "if", "unless", "elsif", "conditional"}
_BODIES = frozenset(
    ("then", "else", "body_statement", "block_body", "do", "ensure", "begin_block", "program")
)
STATEMENTS: dict[str, Callable[[Running, Node, Scope], bool]] = {
    "call": _call,
    "identifier": _name,
    "if": _if,
    "unless": _if,
    "if_modifier": _if,
    "unless_modifier": _if,
    "elsif": _if,
    "conditional": _if,
    "case": _case,
    "case_match": _case,
    "begin": _begin,
    "body_statement": _begin,
    "parenthesized_statements": _body,
    "rescue_modifier": _rescue,
    "while_modifier": _first,
    "until_modifier": _first,
    "while": _first,
    "until": _first,
    "for": _first,
    "do": _body,
    "ensure": _body,
    "return": _leave,
    "next": _leave,
    "break": _leave,
    "assignment": _assign,
    "operator_assignment": _assign,
    "binary": _either,
    "yield": _yield,
    "ERROR": _body,
    "then": _body,
    "else": _body,
}
