"""A migration's file: its Migration class with operations and dependencies, and the classes beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from partway.core.migration import Comment, Trouble
from partway.core.source import Span
from partway.tools.django.conditions import is_for
from partway.tools.django.evaluation import Evaluator
from partway.tools.django.values import Call, Unknown, texts
from partway.tools.python_program import imported
from partway.tools.trees import Tree, query

if TYPE_CHECKING:
    from tree_sitter import Node

#: What a class must mention to count as one that looks at the database before it acts.
_LOOKS = (
    "introspection",
    "table_names",
    "get_table_description",
    "get_constraints",
    "information_schema",
    "to_regclass",
    "_constraint_names",
)


class Helper(NamedTuple):
    """A class that the file defines: full names of what it derives from, its methods, and whether it looks at the
    database."""

    bases: tuple[str, ...]
    methods: frozenset[str]
    looks: bool
    span: Span


class Program(NamedTuple):
    """What a file says. `operations` are calls, or what could not be told. `atomic` is False with `atomic_span` where
    the migration opts out of the transaction. `found` says that there is a Migration class at all."""

    text: str
    vendor: str
    found: bool
    operations: tuple[Call | Unknown, ...]
    span: Span
    dependencies: tuple[tuple[str, str], ...]
    run_before: tuple[tuple[str, str], ...]
    replaces: tuple[tuple[str, str], ...]
    atomic: bool
    atomic_span: Span | None
    helpers: dict[str, Helper]
    comments: tuple[Comment, ...]
    troubles: tuple[Trouble, ...]


#: The programs that were in hand last: a finding's fix asks for the file's again.
_latest: list[Program] = []
_KEPT = 4
_DEEPEST = 5


def in_hand(text: str, vendor: str, found: Program | None = None) -> Program:
    """The program in the text in hand; `found` is what it is known to be. Never raises."""
    known = found or next((one for one in _latest if one.text == text and one.vendor == vendor), None)
    if known is None:
        known = read_program(text, vendor)
    if not _latest or _latest[0] is not known:
        _latest.insert(0, known)
        del _latest[_KEPT:]
    return known


def read_program(text: str, vendor: str) -> Program:
    """The program in a text, for the database that Django calls so. Never raises."""
    tree = Tree("python", text)
    return _Reading(tree, vendor).program()


class _Reading:
    def __init__(self, tree: Tree, vendor: str) -> None:
        self.tree = tree
        self.vendor = vendor
        self.imports: dict[str, str] = {}
        self.constants: dict[str, Node | None] = {}
        self.evaluator = Evaluator(tree, self.imports, self.constants, vendor)
        self.helpers: dict[str, Helper] = {}
        self.looking: set[str] = set()  # functions that look at the database
        self.parts: dict[str, Any] = {}
        self.nodes: dict[str, Node] = {}
        self.migration: Node | None = None

    def program(self) -> Program:
        for node in self.tree.root.named_children:
            self._top(node)
        if self.migration is not None:
            self._body(self.migration)
        operations = self._operations()
        atomic = self.parts.get("atomic")
        return Program(
            self.tree.text,
            self.vendor,
            self.migration is not None,
            tuple(operations),
            self.tree.span(self.migration) if self.migration is not None else Span(0, len(self.tree.text)),
            self._pairs("dependencies"),
            self._pairs("run_before"),
            self._pairs("replaces"),
            atomic is not False,
            self.tree.span(self.nodes["atomic"]) if atomic is False else None,
            self.helpers,
            tuple(self.tree.comments("python/comments.scm")),
            self._troubles(),
        )

    def _top(self, node: Node) -> None:
        kind = node.type
        if kind in ("import_from_statement", "import_statement"):
            self.imports.update(imported(self.tree, node))
        elif kind == "expression_statement":
            self._assignment(node)
        elif kind == "function_definition":
            called = node.child_by_field_name("name")
            if called is not None and self._looks(node):
                self.looking.add(self.tree.said(called))
        elif kind == "class_definition":
            self._class(node)
        elif kind in ("if_statement", "try_statement"):
            for child in node.named_children:
                for inner in child.named_children if child.type.endswith(("block", "clause")) else ():
                    if inner.type in ("import_from_statement", "import_statement"):
                        for name, path in imported(self.tree, inner).items():
                            self.imports.setdefault(name, path)

    def _assignment(self, node: Node) -> None:
        first = node.named_children[0] if node.named_child_count else None
        if first is None or first.type != "assignment":
            return
        left, right = first.child_by_field_name("left"), first.child_by_field_name("right")
        if left is not None and right is not None and left.type == "identifier":
            name = self.tree.said(left)
            self.constants[name] = None if name in self.constants else right

    def _class(self, node: Node) -> None:
        name, bases = node.child_by_field_name("name"), node.child_by_field_name("superclasses")
        if name is None:
            return
        said = self.tree.said(name)
        derived = tuple(
            self.evaluator.resolved(self.tree.said(child))
            for child in (bases.named_children if bases is not None else ())
            if child.type in ("identifier", "attribute")
        )
        if said == "Migration":
            self.migration = node
            return
        body = node.child_by_field_name("body")
        methods = set()
        for child in body.named_children if body is not None else ():
            inner = child.child_by_field_name("definition") or child
            called = inner.child_by_field_name("name")
            if inner.type == "function_definition" and called is not None:
                methods.add(self.tree.said(called))
        self.helpers[said] = Helper(derived, frozenset(methods), self._looks(node), self.tree.span(node))

    def _looks(self, node: Node) -> bool:
        """Whether a definition looks at the database, by itself or through a function of this file before it."""
        text = self.tree.said(node)
        return any(word in text for word in _LOOKS) or any(f"{name}(" in text for name in self.looking)

    def _body(self, migration: Node) -> None:
        body = migration.child_by_field_name("body")
        for node in body.named_children if body is not None else ():
            self._attribute(node, 0)

    def _attribute(self, node: Node, depth: int) -> None:
        """A statement in the Migration class. Of branches about the database the one for this vendor counts; of others
        the first."""
        if node.type == "if_statement" and depth < _DEEPEST:
            for block in self._taken(node):
                for inner in block.named_children:
                    self._attribute(inner, depth + 1)
            return
        first = (
            node.named_children[0] if node.type == "expression_statement" and node.named_child_count else None
        )
        if first is None or first.type not in ("assignment", "augmented_assignment"):
            return
        left, right = first.child_by_field_name("left"), first.child_by_field_name("right")
        if left is None or right is None:
            return
        name = self.tree.said(left)
        self.nodes[name] = node
        if first.type == "augmented_assignment":
            known, more = self.parts.get(name), self.evaluator.value(right)
            listed = more if isinstance(more, list) else [Unknown(self.tree.said(right))]
            self.parts[name] = [*known, *listed] if isinstance(known, list | tuple) else listed
        elif name in _PARTS:
            self.parts[name] = self.evaluator.value(right)
        else:
            self.constants[name] = right

    def _taken(self, node: Node) -> list[Node]:
        """The block of an `if` that runs."""
        branches = [node, *node.children_by_field_name("alternative")]
        for branch in branches:
            condition = branch.child_by_field_name("condition")
            block = branch.child_by_field_name("consequence") or branch.child_by_field_name("body")
            decided = None if condition is None else is_for(self.tree.said(condition), self.vendor)
            if decided is not False:
                return [block] if block is not None else []
        return []

    def _operations(self) -> list[Call | Unknown]:
        found = self.parts.get("operations")
        if found is None:
            return []
        items = found if isinstance(found, list | tuple) else [found]
        return [item if isinstance(item, Call) else Unknown(getattr(item, "said", "")) for item in items]

    def _pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """(app, migration) pairs; a swappable model is given by its setting, as ("settings.X", "__first__")."""
        pairs: list[tuple[str, str]] = []
        found = self.parts.get(name)
        for item in found if isinstance(found, list | tuple) else ():
            if isinstance(item, Call) and item.kind == "swappable_dependency" and item.arguments:
                said = item.arguments[0]
                setting = said.said if isinstance(said, Unknown) else str(said)
                pairs.append((setting, "__first__"))
            elif isinstance(item, list | tuple) and len(texts(item)) == 2:
                app, migration = texts(item)
                pairs.append((app, migration))
        return tuple(pairs)

    def _troubles(self) -> tuple[Trouble, ...]:
        """The first place in the operations that Python could not read."""
        if not self.tree.root.has_error:
            return ()
        broken = self.tree.captures(query("python", "django/errors.scm")).get("error", ())
        inside = self.nodes.get("operations")
        for node in broken:
            if inside is None or inside.start_byte <= node.start_byte < inside.end_byte:
                line = self.tree.span(node)
                return (
                    Trouble(
                        Span(line.start, max(line.start, min(line.end, line.start + 1))),
                        "Python cannot read this",
                    ),
                )
        return ()


_PARTS = frozenset(("operations", "dependencies", "run_before", "replaces", "atomic", "initial"))
