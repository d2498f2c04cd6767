"""What a static look at an expression gives: plain Python values, calls, and what only a run would tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partway.core.source import Span


class Unknown:
    """An expression that cannot be told; `said` is its text, a dotted name with its imports resolved. Two that read
    alike are taken for the same."""

    __slots__ = ("said",)

    def __init__(self, said: str) -> None:
        self.said = said

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and other.said == self.said

    def __hash__(self) -> int:
        return hash(self.said)


class Call:
    """A call: the full dotted name of what is called, positional arguments, keyword arguments, and its place, which
    makes no difference between two."""

    __slots__ = ("arguments", "name", "options", "span")

    def __init__(self, name: str, arguments: tuple[Any, ...], options: Mapping[str, Any], span: Span) -> None:
        self.name = name
        self.arguments = arguments
        self.options = options
        self.span = span

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Call)
            and other.name == self.name
            and other.arguments == self.arguments
            and other.options == self.options
        )

    def __hash__(self) -> int:
        return hash(self.name)

    def named(self, name: str) -> Call:
        """The same arguments for something else."""
        return Call(name, self.arguments, self.options, self.span)

    @property
    def kind(self) -> str:
        """The last part of the name: "AddField"."""
        return self.name.rpartition(".")[2]

    def get(self, name: str, position: int = -1, default: Any = None) -> Any:
        """A keyword argument, or the positional one at this place."""
        if name in self.options:
            return self.options[name]
        if 0 <= position < len(self.arguments):
            return self.arguments[position]
        return default

    def text(self, name: str, position: int = -1) -> str:
        """An argument that is a string; empty where it is something else."""
        value = self.get(name, position)
        return str(value) if isinstance(value, str) else ""


def texts(value: Any) -> tuple[str, ...]:
    """The strings of a list, tuple or set, or of one string; what is none is left out."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple | set):
        return tuple(str(item) for item in value if isinstance(item, str))
    return ()
