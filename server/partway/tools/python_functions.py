"""Functions of a Python program: their parameters in a call, and what they give where that follows from the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from partway.tools.python_program import Program, imported
from partway.tools.python_scope import Scope
from partway.tools.python_values import UNKNOWN, Call, Formula, Item, Ref, listed, truth

if TYPE_CHECKING:
    from tree_sitter import Node

_NESTED = 8
#: So many levels of an expression a function counts for.
_COST = 5
_MOST = 300


class _Nothing:
    """A way through a function that does not return here."""


_ON = _Nothing()
_IMPURE = _Nothing()


def parameters(program: Program, definition: Node, call: Call) -> dict[str, object]:
    """The values of a function's parameters in this call."""
    found: dict[str, object] = {}
    listing = definition.child_by_field_name("parameters")
    position = 0
    for child in listing.named_children if listing is not None else ():
        name = child if child.type == "identifier" else child.child_by_field_name("name")
        if child.type == "typed_parameter":
            name = child.named_children[0] if child.named_child_count else None
        if child.type in ("keyword_separator", "positional_separator", "comment"):
            continue
        if name is None or name.type != "identifier":
            continue  # *args, **kwargs
        said = program.tree.said(name)
        argument = call.argument(said, position)
        position += 1
        if argument is not None:
            found[said] = argument.value
        else:
            default = child.child_by_field_name("value")
            found[said] = Scope(program).value(default) if default is not None and call.complete else UNKNOWN
    return found


def returned(program: Program, call: Call, depth: int) -> object | None:
    """What a function of this file gives, where it does nothing else than working it out; None where it does, or where
    the call is none of this file's. `depth` is how deep the expression stands in others."""
    entered = program.entered
    if not isinstance(call.function, Ref) or len(entered) > _NESTED or call.function.path in entered:
        return None
    definition = program.functions.get(call.function.path)
    body = definition.child_by_field_name("body") if definition is not None else None
    if definition is None or body is None:
        return None
    scope = Scope(program, None, parameters(program, definition, call))
    scope.depth = depth + _COST
    entered.append(call.function.path)
    found = _through(body.named_children, scope, 0)
    entered.pop()
    if isinstance(found, _Nothing):
        return None
    return found


def _through(statements: Sequence[Node], scope: Scope, nested: int) -> object:
    """What these statements return; `_ON` where they go on behind themselves."""
    if nested > 15:
        return _IMPURE
    for number, statement in enumerate(statements):
        kind = statement.type
        if kind == "return_statement":
            children = statement.named_children
            return scope.value(children[0]) if children else None
        if kind == "expression_statement":
            if not _assigned(statement, scope):
                return _IMPURE
        elif kind in ("import_statement", "import_from_statement"):
            for name, path in imported(scope.program.tree, statement).items():
                scope.names[name] = Ref(path)
        elif kind == "if_statement":
            found = _if(statement, statements[number + 1 :], scope, nested)
            if found is not _ON:
                return found
        elif kind == "for_statement":
            found = _loop(statement, statements[number + 1 :], scope, nested)
            if found is not _ON:
                return found
        elif kind in ("try_statement", "with_statement"):
            body = statement.child_by_field_name("body")
            found = _through(body.named_children, scope, nested + 1) if body is not None else _ON
            if found is not _ON:
                return found
        elif kind not in ("comment", "pass_statement", "assert_statement"):
            return _IMPURE
    return _ON


def _assigned(statement: Node, scope: Scope) -> bool:
    """Take an assignment in; False for what does something else, but for a docstring."""
    for expression in statement.named_children:
        if expression.type == "assignment":
            left, right = expression.child_by_field_name("left"), expression.child_by_field_name("right")
            if left is not None:
                scope.bind(left, scope.value(right))
        elif expression.type not in ("string", "concatenated_string", "ellipsis"):
            return False
    return True


def _if(node: Node, rest: Sequence[Node], scope: Scope, nested: int) -> object:
    condition, body = node.child_by_field_name("condition"), node.child_by_field_name("consequence")
    alternatives = node.children_by_field_name("alternative")
    value = scope.value(condition)
    known = truth(value)
    if body is None or any(each.type == "elif_clause" for each in alternatives):
        return _IMPURE
    otherwise = alternatives[0].child_by_field_name("body") if alternatives else None
    if known is not None:
        taken = body if known else otherwise
        return _through(taken.named_children, scope, nested + 1) if taken is not None else _ON
    before = dict(scope.names)
    then = _through(body.named_children, scope, nested + 1)
    for name in scope.names:
        if scope.names[name] is not before.get(name):
            before[name] = UNKNOWN
    scope.names.clear()
    scope.names.update(before)
    following = [*(otherwise.named_children if otherwise is not None else ()), *rest]
    if then is _ON:
        return _ON if otherwise is None else _IMPURE
    other = _through(following, scope, nested + 1)
    if then is _IMPURE or other is _IMPURE:
        return _IMPURE
    return Formula("if", (value, then, None if other is _ON else other))


def _loop(node: Node, rest: Sequence[Node], scope: Scope, nested: int) -> object:
    """`for x in xs: if ...: return True`, then `return False`."""
    body, left, right = (node.child_by_field_name(name) for name in ("body", "left", "right"))
    if body is None or left is None or right is None:
        return _IMPURE
    through = scope.value(right)
    items = listed(through)
    if items is not None:
        for item in items[:_MOST]:
            scope.bind(left, item)
            found = _through(body.named_children, scope, nested + 1)
            if found is not _ON:
                return found
        return _ON
    scope.bind(left, Item(through))
    found = _through(body.named_children, scope, nested + 1)
    other = _through(rest, scope, nested + 1)
    if isinstance(found, Formula) and found.operator == "if" and found.operands[1] is True and other is False:
        return Formula("for", (True, through, found.operands[0]))
    return _IMPURE if isinstance(found, _Nothing) else UNKNOWN
