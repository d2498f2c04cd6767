"""Calls, operators and `case` whose value follows from the text: what names and conditions on the adapter are made
of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from partway.tools.embedded import HOLE
from partway.tools.rails.adapters import FEATURES
from partway.tools.rails.values import UNKNOWN, Code, Unknown, Value, evaluate, name_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.scope import Scope

#: The receivers that a question about the database may be asked of.
DATABASES = re.compile(
    r"(?:self\.|::)?(?:connection|(?:ActiveRecord::(?:Base|Migration)|ApplicationRecord|[A-Z]\w*(?:::[A-Z]\w*)*)"
    r"\.(?:connection|lease_connection))|(?:self\.)?class\.connection"
)
_ASKS = re.compile(
    r"(?:is_?|using_?|on_?)?(postgres\w*|pg|mysql\w*|mariadb|sqlite\w*|oracle\w*|sqlserver|mssql)(?:_adapter|_database)?\?"
)


#: A module of the project's own that knows which database it is: `Shop::Database.oracle?`.
_KNOWS: Final = re.compile(r"(?:::)?(?:[A-Z]\w*::)*(?:Database|DB|Db)(?:[A-Z]\w*)?")
#: Column types that a table has methods for on PostgreSQL alone.
_OF_POSTGRESQL: Final = ("jsonb", "hstore", "citext", "inet", "cidr", "tsvector", "ltree")
#: What makes a date of numbers, the same one in each run.
_DATES: Final = ("Date", "DateTime", "::Date", "::DateTime")
#: Longer strings and lists are not put together: a program can double one again and again.
_LONGEST: Final = 20_000


def call_value(node: Node, scope: Scope, depth: int) -> Value:
    """What a call gives, where that follows from the text and the dialect."""
    tree = scope.tree
    if node.type == "element_reference":
        return _element(node, scope, depth)
    method, receiver = node.child_by_field_name("method"), node.child_by_field_name("receiver")
    if method is None:
        return UNKNOWN
    name = tree.said(method)
    if receiver is None:
        return _array(node, scope, depth) if name == "Array" else asked(name, scope)
    said = tree.said(receiver)
    if DATABASES.fullmatch(said) or (_ASKS.fullmatch(name) and _KNOWS.fullmatch(said)):
        return asked(name, scope)
    if name == "adapter" and "config" in said:
        return scope.program.adapter.configured
    if name in ("connection", "lease_connection") and receiver.type in (
        "constant",
        "scope_resolution",
        "self",
    ):
        connection = scope.get("connection")
        return connection if connection is UNKNOWN else connection.of(said)
    arguments = node.child_by_field_name("arguments")
    if name in ("match?", "match") and arguments is not None and arguments.named_child_count == 1:
        pattern, text = arguments.named_children[0], receiver
        if receiver.type == "regex":
            pattern, text = text, pattern
        return _matches(evaluate(text, scope, depth), tree.said(pattern))
    given = (
        [evaluate(each, scope, depth) for each in arguments.named_children] if arguments is not None else []
    )
    if name == "respond_to?" and receiver.type == "identifier" and given and given[0] in _OF_POSTGRESQL:
        return given[0] in scope.program.adapter.types  # t.respond_to?(:jsonb)
    if said in _DATES and name in ("new", "civil"):
        return _date(given, with_time=said.endswith("DateTime"))
    value = evaluate(receiver, scope, depth)
    if value is UNKNOWN:
        return UNKNOWN
    if node.child_by_field_name("block") is not None:
        return _mapped(node, value, name, scope, depth)
    if (
        isinstance(value, str)
        and name in ("singularize", "pluralize", "underscore", "tableize")
        and HOLE not in value
    ):
        inflector = scope.program.inflector
        return inflector.table_of(value) if name == "tableize" else getattr(inflector, name)(value)
    pure = _PURE.get(name)
    if pure is None or UNKNOWN in given:
        return UNKNOWN
    try:
        return pure(value, *given)
    except (TypeError, AttributeError, ValueError, IndexError, OverflowError, re.error):
        return UNKNOWN


def _date(given: list[Value], *, with_time: bool) -> Value:
    """`Date.new(2012, 1, 1)` as Rails writes it into SQL."""
    numbers = [each for each in given if isinstance(each, int) and not isinstance(each, bool)]
    if len(numbers) != len(given) or not 0 < len(numbers) <= 3 + 3 * with_time:
        return UNKNOWN
    date, time = [*numbers, 1, 1][:3], [*numbers[3:], 0, 0, 0][:3]
    if not (0 < date[0] < 10_000 and min(date + time) >= 0):  # it may also count from the end
        return UNKNOWN
    words = "{:04}-{:02}-{:02}".format(*date)
    return f"{words} {{:02}}:{{:02}}:{{:02}}".format(*time) if with_time else words


def _array(node: Node, scope: Scope, depth: int) -> Value:
    """`Array(value)`: a list as it is, anything else as the only element of one."""
    given = node.child_by_field_name("arguments")
    if given is None or given.named_child_count != 1:
        return UNKNOWN
    value = evaluate(given.named_children[0], scope, depth)
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return value if isinstance(value, list) else UNKNOWN


def asked(name: str, scope: Scope) -> Value:
    """What the connection, or the project's helper of a telling name, answers about the database."""
    adapter = scope.program.adapter
    if name == "adapter_name":
        return adapter.title
    if name.endswith("?"):
        about = _ASKS.fullmatch(name)
        if about is not None and name not in scope.program.methods:
            return about[1].startswith(adapter.called)
        feature = name.removeprefix("supports_").removesuffix("?")
        if feature in FEATURES and name.startswith("supports_"):
            return feature in adapter.supports
        if name == "reverting?":
            return scope.get("reverting?")
    return UNKNOWN


def _element(node: Node, scope: Scope, depth: int) -> Value:
    children = node.named_children
    if len(children) != 2:
        return UNKNOWN
    said = scope.tree.said(children[0])
    key = evaluate(children[1], scope, depth)
    if key == "adapter" and "config" in said:
        return scope.program.adapter.configured
    value = evaluate(children[0], scope, depth)
    if isinstance(value, dict) and isinstance(key, (str, int)):
        return value.get(name_of(key), None if "**" not in value else UNKNOWN)
    if isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    return UNKNOWN


def _mapped(node: Node, value: Value, name: str, scope: Scope, depth: int) -> Value:
    """`list.map { |each| ... }` over a list that is known."""
    from partway.tools.rails.scope import Scope as Inner

    block = node.child_by_field_name("block")
    body = block.child_by_field_name("body") if block is not None else None
    if not isinstance(value, list) or body is None or name not in ("map", "collect") or len(value) > 200:
        return UNKNOWN
    children = [child for child in body.named_children if child.type != "comment"]
    parameters = block.child_by_field_name("parameters") if block is not None else None
    names = parameters.named_children if parameters is not None else []
    if len(children) != 1 or len(names) != 1 or names[0].type != "identifier":
        return UNKNOWN
    found = []
    for each in value:
        inner = Inner(scope.program, scope)
        inner.bind(scope.tree.said(names[0]), each)
        found.append(evaluate(children[0], inner, depth))
    return found


def binary_value(node: Node, scope: Scope, depth: int) -> Value:
    """What an operator gives."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return UNKNOWN
    sign = operator.type
    one = evaluate(left, scope, depth)
    if sign in ("&&", "and", "||", "or"):
        decided = truth(one)
        ends = decided is False if sign in ("&&", "and") else decided is True
        if ends:
            return one
        other = evaluate(right, scope, depth)
        if decided is None:
            # Either side alone may settle it: `unknown && false`.
            settled = truth(other)
            return other if settled is (sign in ("||", "or")) and settled is not None else UNKNOWN
        return other
    if sign in ("=~", "!~"):
        found = _matches(one, scope.tree.said(right))
        return found if found is UNKNOWN or sign == "=~" else not found
    other = evaluate(right, scope, depth)
    if one is UNKNOWN or other is UNKNOWN or HOLE in (one, other):
        return UNKNOWN
    operate = _BINARY.get(sign)
    try:
        if sign == "+" and not isinstance(one, (int, float)) and len(one) + len(other) > _LONGEST:
            return UNKNOWN
        return operate(one, other) if operate is not None else UNKNOWN
    except (TypeError, ZeroDivisionError, OverflowError, ValueError):
        return UNKNOWN


def case_value(node: Node, scope: Scope, depth: int) -> Value:
    """The value of a `case` whose branch the text decides."""
    branch = chosen(node, scope, depth)
    if branch is None or isinstance(branch, Unknown):
        return branch
    children = [child for child in branch.named_children if child.type != "comment"]
    return evaluate(children[-1], scope, depth) if len(children) == 1 else UNKNOWN


def chosen(node: Node, scope: Scope, depth: int = 0) -> Node | Unknown | None:
    """The body of the branch that a `case` takes; None where it takes none, UNKNOWN where only a run would tell."""
    subject = node.child_by_field_name("value")
    value = evaluate(subject, scope, depth) if subject is not None else UNKNOWN
    if value is UNKNOWN:
        return UNKNOWN
    for child in node.named_children:
        if child.type in ("when", "in_clause"):
            for pattern in patterns(child):
                hit = _hits(pattern, value, scope, depth)
                if isinstance(hit, Unknown):
                    return UNKNOWN
                if hit:
                    body: Node | None = child.child_by_field_name("body")
                    return body
        elif child.type == "else":
            return child
    return None


def patterns(branch: Node) -> list[Node | None]:
    """The patterns of a branch; None for one that nobody can read."""
    if branch.type == "when":
        found = [each.named_children for each in branch.named_children if each.type == "pattern"]
        return [each[0] if each else None for each in found]
    pattern = branch.child_by_field_name("pattern")
    if pattern is None or branch.child_by_field_name("guard") is not None:
        return [None]
    alternatives = pattern.named_children if pattern.type == "alternative_pattern" else [pattern]
    return [each if each.type in _MATCHED else None for each in alternatives]


#: What `in` takes as `when` does.
_MATCHED: Final = frozenset(("string", "simple_symbol", "integer", "regex", "nil", "true", "false"))


def _hits(pattern: Node | None, value: Value, scope: Scope, depth: int) -> Value:
    """Whether a value is what a branch is for."""
    if pattern is None:
        return UNKNOWN
    if pattern.type == "regex":
        return _matches(value, scope.tree.said(pattern))
    other = evaluate(pattern, scope, depth)
    return other == value if other is None or isinstance(other, (str, int, float)) else UNKNOWN


def truth(value: Value) -> bool | None:
    """Whether Ruby takes a value for true; None where nobody knows it."""
    if value is UNKNOWN or isinstance(value, Code):
        return None
    return value is not None and value is not False


_REGEX = re.compile(r"/((?:[^/\\]|\\.){1,80})/([imx]*)", re.DOTALL)


def _matches(value: Value, pattern: str) -> Value:
    found = _REGEX.fullmatch(pattern)
    if not isinstance(value, str) or found is None or not re.fullmatch(r"[\w^$|()?:\\.\s-]+", found[1]):
        return UNKNOWN
    source = found[1].replace(r"\A", "^").replace(r"\z", "$").replace(r"\Z", "$")
    try:
        return re.search(source, value, re.IGNORECASE if "i" in found[2] else 0) is not None
    except re.error:
        return UNKNOWN


def _included(value: Value, *others: Value) -> Value:
    if isinstance(value, str):
        return all(isinstance(other, str) and other in value for other in others)
    return others[0] in value


_BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: [each for each in a if each not in b] if isinstance(a, list) else a - b,
    "*": lambda a, b: a * b if isinstance(a, int) and isinstance(b, int) else UNKNOWN,
    "/": lambda a, b: a // b if isinstance(a, int) and isinstance(b, int) else a / b,
    "**": lambda a, b: (
        a**b if isinstance(a, int) and isinstance(b, int) and abs(a) < 1025 and 0 <= b < 65 else UNKNOWN
    ),
    "%": lambda a, b: a % b if isinstance(a, int) and isinstance(b, int) else UNKNOWN,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
_PURE: dict[str, Callable[..., Value]] = {
    "to_s": lambda value: (
        name_of(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else UNKNOWN
    ),
    "to_sym": lambda value: value if isinstance(value, str) else UNKNOWN,
    "to_i": lambda value: value if isinstance(value, int) else UNKNOWN,
    "freeze": lambda value: value,
    "dup": lambda value: value,
    "to_a": lambda value: value if isinstance(value, list) else UNKNOWN,
    "downcase": lambda value: value.lower(),
    "upcase": lambda value: value.upper(),
    "strip": lambda value: value.strip(),
    "squish": lambda value: " ".join(value.split()),
    "include?": _included,
    "in?": lambda value, others: value in others,
    "start_with?": lambda value, *others: value.startswith(others),
    "end_with?": lambda value, *others: value.endswith(others),
    "keys": lambda value: list(value) if isinstance(value, dict) and "**" not in value else UNKNOWN,
    "values": lambda value: (
        list(value.values()) if isinstance(value, dict) and "**" not in value else UNKNOWN
    ),
    "reverse": lambda value: value[::-1] if isinstance(value, list) else UNKNOWN,
    "first": lambda value: value[0] if isinstance(value, list) else UNKNOWN,
    "last": lambda value: value[-1] if isinstance(value, list) else UNKNOWN,
    "size": len,
    "length": len,
    "nil?": lambda value: value is None,
    "!": lambda value: value is None or value is False,
    "present?": bool,
    "blank?": lambda value: not value,
    "join": lambda value, between="": name_of(between).join(map(name_of, value)),
    "merge": lambda value, other: {**value, **other},
    "flatten": lambda value: value if not any(isinstance(each, list) for each in value) else UNKNOWN,
    "kilobytes": lambda value: value * 1024,
    "kilobyte": lambda value: value * 1024,
    "megabytes": lambda value: value * 1024**2,
    "megabyte": lambda value: value * 1024**2,
    "gigabytes": lambda value: value * 1024**3,
    "gigabyte": lambda value: value * 1024**3,
}
