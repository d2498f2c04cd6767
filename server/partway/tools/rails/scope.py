"""The names that a stretch of Ruby knows: local variables and block parameters, inside those around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.tools.rails.values import UNKNOWN, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.rails.program import Program
    from partway.tools.trees import Tree


class Scope:
    """One scope. `origins` are the expressions that names were given, for the places of the SQL in them."""

    __slots__ = ("_around", "_names", "_origins", "program", "tree")

    def __init__(self, program: Program, around: Scope | None = None) -> None:
        self.program = program
        self.tree: Tree = program.tree
        self._around = around
        self._names: dict[str, Value] = {}
        self._origins: dict[str, Node] = {}

    def get(self, name: str) -> Value:
        """What a name stands for; UNKNOWN where nobody knows."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._names:
                return scope._names[name]
            scope = scope._around
        return self.program.constant(name)

    def holds(self, name: str) -> bool:
        """Whether it is a local variable or a parameter."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._names:
                return True
            scope = scope._around
        return False

    def origin(self, name: str) -> Node | None:
        """The expression that a name was given, where it was given one alone."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._names:
                return scope._origins.get(name)
            scope = scope._around
        return self.program.constants.get(name)

    def bind(self, name: str, value: Value, origin: Node | None = None) -> None:
        """A parameter of this scope."""
        self._names[name] = value
        if origin is not None:
            self._origins[name] = origin

    def assign(self, name: str, value: Value, origin: Node | None = None) -> None:
        """A variable: the one of this name that is there, however far around, or a new one."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope._names:
                scope._origins.pop(name, None)
                scope.bind(name, value, origin)
                return
            scope = scope._around
        self.bind(name, value, origin)

    def as_it_is(self) -> Scope:
        """A copy of these names: what they are given later changes nothing in it."""
        copy = Scope(self.program, self._around.as_it_is() if self._around is not None else None)
        copy._names, copy._origins = dict(self._names), dict(self._origins)
        return copy

    def forget(self, name: str) -> None:
        """A variable whose value nobody knows any more."""
        self.assign(name, UNKNOWN)
