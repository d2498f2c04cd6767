"""Conditions that ask for Rails's environment: whether production gets past them.

Only what Rails itself calls its environments is decided: what else a project calls its production, nobody knows. And
it is decided for what a failure costs alone: which database somebody looks at, one of development or of production,
is as open as before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from partway.core.migration import Step
from partway.core.operation import NOT_IN_PRODUCTION
from partway.tools.rails.commands import Command, Frame, FrameKind
from partway.tools.rails.condition_parts import taken_apart
from partway.tools.rails.pure import patterns
from partway.tools.rails.scope import Scope
from partway.tools.rails.values import evaluate

if TYPE_CHECKING:
    from tree_sitter import Node

#: The environments that every Rails has, and `local?`, which asks for either of the others.
_IS_PRODUCTION: Final = {"production": True, "development": False, "test": False, "local": False}
_HERE: Final = re.compile(
    r"(?:::)?Rails\.env(?:\.to_s(?:ym)?)?|ENV\[(['\"])RAILS_ENV\1\]|ENV\.fetch\((['\"])RAILS_ENV\2(?:,.*)?\)"
)


def is_passed_over(command: Command) -> bool:
    """Whether a condition around a call keeps production away from it."""
    return any(_comes_to(frame) is False for frame in command.frames)


def _comes_to(frame: Frame) -> bool | None:
    """Whether production comes to what stands in this; None where nobody knows."""
    if frame.kind is FrameKind.CONDITION:
        answer = frame.wanted if frame.decided else _in_production(frame.node, frame.scope)
        return answer is frame.wanted if answer is not None else None
    if frame.kind is FrameKind.PAST:
        comes = [_comes_to(each) for each in frame.way]
        return True if False in comes else None if None in comes else False
    return _comes_to_branch(frame, frame.branch) if frame.branch is not None else None


def _comes_to_branch(frame: Frame, wanted: Node) -> bool | None:
    subject = frame.node.child_by_field_name("value")
    if subject is not None and not _is_environment(subject, frame.scope):
        return None
    unsure = False
    for branch in frame.node.named_children:
        if branch.type not in ("when", "in_clause", "else"):
            continue
        takes = True if branch.type == "else" else _takes(branch, frame.scope, asks=subject is None)
        if branch == wanted:
            return None if takes and unsure else takes
        if takes:
            return False
        unsure = unsure or takes is None
    return None


def _takes(branch: Node, scope: Scope, *, asks: bool) -> bool | None:
    """Whether production goes into a branch of a `case`, one that is about the environment or, where it `asks`, about
    nothing by itself; None where nobody knows."""
    ask = _in_production if asks else _is_one_of
    answers = [ask(each, scope) if each is not None else None for each in patterns(branch)]
    return True if True in answers else None if None in answers or not answers else False


def marked(step: Step) -> Step:
    """A step with what it runs known as nothing of production's."""
    operations = (
        operation._replace(
            actions=tuple(
                action._replace(traits=action.traits | {NOT_IN_PRODUCTION}) for action in operation.actions
            )
        )
        for operation in step.operations
    )
    return step._replace(operations=tuple(operations))


def _in_production(node: Node, scope: Scope, known: dict[str, bool | None] | None = None) -> bool | None:
    """What a condition is in production; None where it asks for anything else that matters. `known` is what methods of
    the file's own are, those that are just being asked included."""
    own: dict[str, bool | None] = {} if known is None else known
    return taken_apart(node, scope).holds(lambda question: _asked(question.node, scope, own))


def _asked(node: Node, scope: Scope, known: dict[str, bool | None]) -> bool | None:
    """`Rails.env.production?`, `Rails.env.in?(...)`, `[...].include?(Rails.env)`, and a method of the file's own that
    asks one of these."""
    if node.type == "binary":
        return _compared(node, scope)
    if node.type != "call":
        return None
    said = scope.tree.said
    method, receiver = node.child_by_field_name("method"), node.child_by_field_name("receiver")
    given = node.child_by_field_name("arguments")
    arguments = given.named_children if given is not None else []
    name = said(method) if method is not None else ""
    if receiver is None:
        return _own(name, scope, known) if not arguments else None
    if len(arguments) == 1:
        if name == "include?" and _is_environment(arguments[0], scope):
            return _is_one_of(receiver, scope)
        if name in ("in?", "eql?") and _is_environment(receiver, scope):
            return _is_one_of(arguments[0], scope)
        return None
    if arguments or not _is_environment(receiver, scope):
        return None
    return _IS_PRODUCTION.get(name[:-1]) if name.endswith("?") else None


def _own(name: str, scope: Scope, known: dict[str, bool | None]) -> bool | None:
    """What a method of the file's own answers in production."""
    if name not in known:
        known[name] = None  # while it is asked: it may ask itself
        own = scope.program.methods.get(name)
        body = own.child_by_field_name("body") if own is not None else None
        if body is not None:
            known[name] = _in_production(body, Scope(scope.program), known)
    return known[name]


def _compared(node: Node, scope: Scope) -> bool | None:
    """`Rails.env == "production"`, written either way round."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None or operator.type not in ("==", "!="):
        return None
    if _is_environment(right, scope):
        left, right = right, left
    answer = _is_one_of(right, scope) if _is_environment(left, scope) else None
    return answer if operator.type == "==" or answer is None else not answer


def _is_environment(node: Node, scope: Scope) -> bool:
    return _HERE.fullmatch(scope.tree.said(node)) is not None


def _is_one_of(node: Node, scope: Scope) -> bool | None:
    """Whether production is one of these environments."""
    value = evaluate(node, scope)
    answers = [
        _IS_PRODUCTION.get(one) if isinstance(one, str) else None
        for one in (value if isinstance(value, list) else [value])
    ]
    if True in answers:
        return True
    return None if None in answers or not answers else False
