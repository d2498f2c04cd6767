"""A Python file as the tools see it: what it imports, its constants, functions, classes and comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.python_scope import Scope

#: So many expressions of one file are looked at: a program can be made to grow without end.
BUDGET = 200_000
_STATEMENTS = {"function_definition", "class_definition", "decorated_definition"}


class Program:
    """A Python file.

    `imports` are full paths by local name; `constants` the expressions of names that are assigned once, at the top
    level; `functions` and `classes` their definitions. `resolve` is asked for the value of every name, call and
    attribute that the text does not tell: it gives what the tool knows of it, else the value as it came.
    """

    def __init__(self, text: str) -> None:
        self.tree = Tree("python", text)
        self.text = text
        self.imports: dict[str, str] = {}
        self.constants: dict[str, Node | None] = {}
        self.functions: dict[str, Node] = {}
        self.classes: dict[str, Node] = {}
        self.resolve: Callable[[object, Scope], object] = lambda value, _: value
        self.budget = BUDGET
        self.entered: list[str] = []  # the functions whose result is being worked out
        self.evaluated: dict[str, object] = {}  # module constants, as far as they were asked for
        self.wildcards: list[str] = []  # the modules of `from x import *`
        for statement in self.tree.root.named_children:
            self._statement(statement)

    def _statement(self, node: Node) -> None:
        kind = node.type
        if kind == "expression_statement":
            for expression in node.named_children:
                if expression.type == "assignment":
                    self._assigned(expression)
                elif expression.type == "augmented_assignment":
                    left = expression.child_by_field_name("left")
                    if left is not None:
                        self.constants[self.tree.said(left)] = None
        elif kind in ("import_statement", "import_from_statement"):
            self.imports.update(imported(self.tree, node, self.wildcards))
        elif kind in _STATEMENTS:
            definition = node.child_by_field_name("definition") or node
            name = definition.child_by_field_name("name")
            if name is not None:
                found = self.functions if definition.type == "function_definition" else self.classes
                found[self.tree.said(name)] = definition
        elif kind in ("if_statement", "try_statement", "with_statement"):
            for child in node.named_children:  # what is assigned there, perhaps, is known to nobody
                if child.type == "block" or child.type.endswith("_clause"):
                    for inner in child.named_children:
                        self._perhaps(inner)

    def _perhaps(self, node: Node) -> None:
        if node.type in ("import_statement", "import_from_statement"):
            for name, path in imported(self.tree, node, self.wildcards).items():
                self.imports.setdefault(name, path)
        elif node.type == "block":
            for inner in node.named_children:
                self._perhaps(inner)
        elif node.type == "expression_statement" and node.named_child_count:
            first = node.named_children[0]
            if first.type == "assignment" and (left := first.child_by_field_name("left")) is not None:
                self.constants[self.tree.said(left)] = None

    def _assigned(self, node: Node) -> None:
        targets: list[Node] = []
        value: Node | None = node
        while value is not None and value.type == "assignment":  # a = b = value
            left = value.child_by_field_name("left")
            if left is not None:
                targets.append(left)
            value = value.child_by_field_name("right")
        for target in targets if value is not None else ():
            if target.type == "identifier":
                name = self.tree.said(target)
                self.constants[name] = None if name in self.constants else value
            else:
                for child in target.named_children:
                    if child.type == "identifier":
                        self.constants[self.tree.said(child)] = None


def imported(tree: Tree, node: Node, wildcards: list[str] | None = None) -> dict[str, str]:
    """Full paths by local name of what an import statement binds; a relative import keeps its dots."""
    found: dict[str, str] = {}
    module = node.child_by_field_name("module_name")
    prefix = f"{tree.said(module)}." if module is not None else ""
    if prefix.endswith(".."):
        prefix = prefix[:-1]  # from . import x
    for child in node.children_by_field_name("name"):
        name, alias = child, None
        if child.type == "aliased_import":
            inner, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if inner is None:
                continue
            name = inner
        said = tree.said(name)
        if alias is not None:
            found[tree.said(alias)] = prefix + said
        elif prefix:
            found[said] = prefix + said
        else:
            found[said.partition(".")[0]] = said.partition(".")[0]
    if wildcards is not None and any(child.type == "wildcard_import" for child in node.children):
        wildcards.append(prefix.rstrip("."))
    return found
