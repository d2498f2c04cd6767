"""What expressions of a Python program mean, as far as the text tells: literals, names of imports, calls as they stand.

A value is None, a bool, a number, a `Text`, a list, a tuple, a dict, or one of the kinds below. A set is a tuple, in
the order of the text. Whatever only a run would tell is `UNKNOWN`; nothing is ever executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from partway.core.source import Span
from partway.tools.python_strings import Text

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.trees import Tree


class Unknown:
    """What only a run would tell."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


class Ref(NamedTuple):
    """A name by its full path: `sa.Column` is `sqlalchemy.Column` behind `import sqlalchemy as sa`; a builtin, or what
    the file itself defines, by its own name."""

    path: str


class Member(NamedTuple):
    """`of.name`, where `of` is no plain name: `op.get_bind().dialect`."""

    of: object
    name: str


class Argument(NamedTuple):
    """An argument of a call as it is written: `node` is its value's. `keyword` is empty for one by position."""

    keyword: str
    value: object
    node: Node

    @property
    def whole(self) -> Node:
        """The argument's own node, with its keyword."""
        parent = self.node.parent
        return parent if parent is not None and parent.type == "keyword_argument" else self.node


class Call:
    """A call as it stands. It is `complete` unless it takes arguments by a `*` or `**` that nobody knows."""

    __slots__ = ("arguments", "complete", "function", "node", "tree")

    def __init__(
        self, function: object, arguments: tuple[Argument, ...], complete: bool, node: Node, tree: Tree
    ) -> None:
        self.function = function
        self.arguments = arguments
        self.complete = complete
        self.node = node
        self.tree = tree

    def __repr__(self) -> str:
        return f"Call({self.path}, {[argument[:2] for argument in self.arguments]})"

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.tree.span(self.node)

    def place(self, argument: Argument) -> Span:
        """Where one of its arguments stands, with its keyword."""
        return self.tree.span(argument.whole)

    @property
    def path(self) -> str:
        """The path of what is called: "sqlalchemy.Column", "sqlalchemy.inspect().has_table"; empty if unknown."""
        return path(self.function)

    @property
    def name(self) -> str:
        """The last part of that."""
        function = self.function
        if isinstance(function, Member):
            return function.name
        return function.path.rpartition(".")[2] if isinstance(function, Ref) else ""

    @property
    def receiver(self) -> object:
        """What a method is called on; UNKNOWN for a plain function."""
        return self.function.of if isinstance(self.function, Member) else UNKNOWN

    @property
    def positional(self) -> list[object]:
        """The values of the arguments by position."""
        return [argument.value for argument in self.arguments if not argument.keyword]

    @property
    def keywords(self) -> dict[str, object]:
        """The values of the arguments by keyword."""
        return {argument.keyword: argument.value for argument in self.arguments if argument.keyword}

    def argument(self, keyword: str, position: int = -1) -> Argument | None:
        """The argument with this keyword, or else at this position (from 0; -1 for none); None where it is not given.

        Behind a `*` that nobody knows, positions say nothing.
        """
        at = 0
        for argument in self.arguments:
            if argument.keyword:
                if argument.keyword == keyword:
                    return argument
            else:
                if at == position:
                    return argument
                at += 1
        return None

    def get(self, keyword: str, position: int = -1, default: object = None) -> object:
        """The value of that argument; `default` where it is not given, UNKNOWN where it may be given by a `*`."""
        found = self.argument(keyword, position)
        if found is not None:
            return found.value
        return default if self.complete else UNKNOWN


class Formula(NamedTuple):
    """An expression whose value is not known, but whose shape is.

    `operator` is "not", "and", "or", "in", "not in", "==", "<" and so on; "[]" for a subscript; "if" for a choice
    (condition, then, else); "for" for a comprehension (what it gives, what it goes through, conditions ...); "set"
    of names with a value that is asked for membership.
    """

    operator: str
    operands: tuple[object, ...]


class Item(NamedTuple):
    """One of what a loop goes through, where nobody knows which."""

    of: object


def path(value: object) -> str:
    """The dotted path of a name, with `()` for calls on the way: "alembic.op.get_bind().dialect.name"; else empty."""
    parts: list[str] = []
    while True:
        if isinstance(value, Ref):
            parts.append(value.path)
            return ".".join(reversed(parts))
        if isinstance(value, Member):
            parts.append(value.name)
            value = value.of
        elif isinstance(value, Call):
            function = value.function
            if isinstance(function, Ref):
                parts.append(f"{function.path}()")
                return ".".join(reversed(parts))
            if not isinstance(function, Member):
                return ""
            parts.append(f"{function.name}()")
            value = function.of
        else:
            return ""


def is_known(value: object) -> bool:
    """Whether a value is a literal through and through."""
    if isinstance(value, Text):
        return value.known
    if isinstance(value, list) or type(value) is tuple:
        return all(map(is_known, value))
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    return value is None or isinstance(value, bool | int | float)


def listed(value: object) -> list[object] | None:
    """What a loop over the value goes through; None where that is not known."""
    if isinstance(value, list) or type(value) is tuple:
        return list(value)
    return list(value) if isinstance(value, dict) else None


def truth(value: object) -> bool | None:
    """Whether Python takes the value for true; None where nobody knows."""
    if isinstance(value, Text):
        return bool(value) if value.known or str(value) else None
    if value is None or isinstance(value, bool | int | float | list | dict) or type(value) is tuple:
        return bool(value)
    if isinstance(value, Call) and value.name[:1].isupper() and not value.name.isupper():
        return True  # an object that is made here: `sa.String(9)`
    return None


def texts(value: object) -> Iterator[Text]:
    """The strings in a value that is one, or a list of them."""
    if isinstance(value, Text):
        yield value
    else:
        for each in listed(value) or ():
            if isinstance(each, Text):
                yield each
