"""The file of a migration: its class with its methods and constants, and the models that stand beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from partway.core.source import Span
from partway.tools.rails.adapters import ADAPTERS
from partway.tools.rails.scope import Scope
from partway.tools.rails.values import UNKNOWN, Value, evaluate
from partway.tools.trees import Tree, query

if TYPE_CHECKING:
    from tree_sitter import Node

    from partway.tools.beside import Beside
    from partway.tools.rails.inflection import Inflector

_VERSION = re.compile(r"\[\s*['\"]?(\d+)[._](\d+)")
_ABOVE = re.compile(r"<\s*(?:::)?((?!ActiveRecord::)[A-Z]\w*(?:::[A-Z]\w*)*)")
#: Names that stand for the database connection wherever they are written.
CONNECTION = "connection"
_BARE = (4, 2)


class Model:
    """A class of records, and the table that it stands for; empty where the text does not tell."""

    __slots__ = ("name", "table")

    def __init__(self, name: str, table: str) -> None:
        self.name = name
        self.table = table


class Program:
    """What a file defines. `version` is the one in the migration's bracket: the behaviour it asks for; empty for the
    newest; `rails` the version that runs it. `above` is the class of the project's own that the migration inherits
    from, `above_said` the text of that class where it stands in this file. `opt_out` is the place of
    `disable_ddl_transaction!`. `path` and `beside` are for what its models' own files say, `asked_models` that one of
    them did."""

    def __init__(self, text: str, dialect: str, inflector: Inflector) -> None:
        self.dialect = dialect
        self.adapter = ADAPTERS[dialect]
        self.tree = Tree("ruby", text)
        self.inflector = inflector
        self.version: tuple[int, ...] = ()
        self.bare = False  # its class inherits from ActiveRecord::Migration itself, of no version
        self.rails: tuple[int, ...] = ()
        self.above = ""
        self.above_said = ""
        self.path = ""
        self.beside: Beside | None = None
        self.asked_models = False
        self.opt_out: Span | None = None
        self.methods: dict[str, Node] = {}
        self.constants: dict[str, Node] = {}
        self.definitions: dict[str, Node] = {}  # the statements that define constants and models
        self.calls: set[str] = set()  # what the class's body calls: its own settings, and those of libraries
        self.migration: Node | None = None  # its class
        self.body: Node | None = None
        self._models: dict[str, Model] = {}
        self._values: dict[str, Value] = {}
        self._heredocs: dict[int, Node] | None = None
        self._top = Scope(self)
        self._find()

    def _find(self) -> None:
        """The migration's class: the one that inherits from a migration, else the last one that can run."""
        classes: list[Node] = []
        queue = list(self.tree.root.named_children)
        for node in queue:
            kind = node.type
            if kind == "class":
                classes.append(node)
            elif kind in ("module", "ERROR") and len(queue) < 1000:
                inner = node.child_by_field_name("body") if kind == "module" else node
                queue += inner.named_children if inner is not None else []
            elif kind == "assignment":
                self._constant(node)
        best: Node | None = None
        for node in classes:
            above = node.child_by_field_name("superclass")
            if above is not None and "Migration" in self.tree.said(above):
                best = node
        if best is None or (len(classes) > 1 and not self._runs(best)):
            best = next((node for node in reversed(classes) if self._runs(node)), best)
        for node in classes:
            if node != best:
                self._model(node)
        self.migration = best
        if best is not None:
            self._inherit(best, classes)
            self._read(best)
        elif self.tree.root.has_error:
            self._read_broken()

    def _runs(self, node: Node) -> bool:
        body = node.child_by_field_name("body")
        children = body.named_children if body is not None else []
        names = (child.child_by_field_name("name") for child in children if child.type in _METHODS)
        return any(name is not None and self.tree.said(name) in ("change", "up") for name in names)

    def _inherit(self, node: Node, classes: list[Node]) -> None:
        above = node.child_by_field_name("superclass")
        said = self.tree.said(above) if above is not None else ""
        bracket = _VERSION.search(said)
        if bracket is not None:
            self.version = int(bracket[1]), int(bracket[2])
        elif said.endswith("ActiveRecord::Migration"):
            self.version = _BARE
            self.bare = True
        elif (above_ := _ABOVE.fullmatch(said)) is not None and above_[1] not in self.constants:
            self.above = above_[1]
            names = ((each, each.child_by_field_name("name")) for each in classes)
            self.above_said = next(
                (self.tree.said(each) for each, name in names if name and self.tree.said(name) == self.above),
                "",
            )

    def _read(self, node: Node) -> None:
        self.body = node.child_by_field_name("body")
        for child in self.body.named_children if self.body is not None else ():
            self._member(child)

    def _read_broken(self) -> None:
        """A text that is no class yet: what methods it has."""
        bracket = _VERSION.search(self.tree.text)
        if bracket is not None:
            self.version = int(bracket[1]), int(bracket[2])
        self.body = self.tree.root
        for node in self.tree.captures(query("ruby", "rails/methods.scm")).get("member", ()):
            self._member(node)

    def _member(self, node: Node) -> None:
        kind = node.type
        if kind in _METHODS:
            name = node.child_by_field_name("name")
            if name is not None:
                self.methods.setdefault(self.tree.said(name), node)
        elif kind == "assignment":
            self._constant(node)
        elif kind == "class":
            self._model(node)
        elif kind in ("identifier", "call"):
            first = node if kind == "identifier" else node.child_by_field_name("method")
            said = self.tree.said(first) if first is not None else ""
            self.calls.add(said)
            if said == "disable_ddl_transaction!" and self.opt_out is None:
                self.opt_out = self.tree.span(node)
        elif kind in ("if_modifier", "unless_modifier"):
            # disable_ddl_transaction! if Shop::Database.postgres?
            body, condition = node.child_by_field_name("body"), node.child_by_field_name("condition")
            if body is not None and condition is not None and body.type in ("identifier", "call"):
                answer = evaluate(condition, self._top)
                if isinstance(answer, bool) and answer is (kind == "if_modifier"):
                    self._member(body)
        elif kind == "singleton_class":
            body = node.child_by_field_name("body")
            for child in body.named_children if body is not None else ():
                if child.type == "method":
                    self._member(child)
        elif kind == "ERROR":
            for child in node.named_children:
                if child.type in _METHODS:
                    self._member(child)

    def _constant(self, node: Node) -> None:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None and left.type == "constant":
            self.constants.setdefault(self.tree.said(left), right)
            self.definitions.setdefault(self.tree.said(left), node)

    def _model(self, node: Node) -> None:
        """A class beside the migration: a stand-in for a model, so that the migration does not need the real one."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None:
            return
        said = self.tree.said(name)
        table = self.inflector.table_of(said)
        for child in body.named_children if body is not None else ():
            left = child.child_by_field_name("left") if child.type == "assignment" else None
            right = child.child_by_field_name("right") if left is not None else None
            if left is not None and right is not None and self.tree.said(left) == "self.table_name":
                value = evaluate(right, self._top)
                table = value if isinstance(value, str) else ""
        self._models[said] = Model(said, table)
        self.definitions.setdefault(said, node)

    def definition(self, name: str) -> Node | None:
        """The statement that defines a constant, a model or a method of the file; None for any other name."""
        return self.definitions.get(name) or self.methods.get(name)

    def constant(self, name: str) -> Value:
        """What a constant stands for: one of the file, or a model; UNKNOWN for any other name."""
        if name in self._values:
            return self._values[name]
        self._values[name] = UNKNOWN  # while it is worked out: a constant may be made of itself
        value: Value = UNKNOWN
        if name in self.constants:
            value = evaluate(self.constants[name], self._top)
        elif name[:1].isupper() and _MODEL.fullmatch(name):
            value = self.model(name)
        self._values[name] = value
        return value

    def model(self, name: str) -> Value:
        """The model of this name, one of the file or of the application; UNKNOWN for what no model is called."""
        found = self._models.get(name)
        if found is None and not name.startswith(_NO_MODELS):
            # A module may give its models' tables a prefix, which only the module's own file says.
            found = Model(name, "" if "::" in name else self.inflector.table_of(name))
        return found if found is not None else UNKNOWN

    def heredoc(self, node: Node) -> Node | None:
        """The body of the heredoc that begins at this node."""
        if self._heredocs is None:
            found = self.tree.captures(query("ruby", "rails/heredocs.scm"))
            begins = sorted(found.get("begin", ()), key=lambda each: each.start_byte)
            bodies = sorted(found.get("body", ()), key=lambda each: each.start_byte)
            self._heredocs = {begin.start_byte: body for begin, body in zip(begins, bodies, strict=False)}
        return self._heredocs.get(node.start_byte)


_METHODS = frozenset(("method", "singleton_method"))
_MODEL = re.compile(r"(?:[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:::[A-Z][A-Za-z0-9]*)*")
_NO_MODELS = (
    "ActiveRecord", "ActiveSupport", "Rails", "Rake", "File", "Dir", "Time", "Date", "DateTime", "Sequel", "Kernel",
    "JSON", "YAML", "Process", "Logger", "Array", "Hash", "String", "Integer", "Set", "Arel", "Parallel", "Sidekiq",
    "Digest", "SecureRandom", "Gem", "Object", "Class", "Module", "Concurrent", "Benchmark",
)  # fmt: skip
