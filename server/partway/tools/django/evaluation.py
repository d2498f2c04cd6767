"""Python expressions to values, statically: literals, constants, concatenation, and calls as they stand.

Nothing is executed. Each kind of node has one method; nesting beyond what anybody writes is `Unknown`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from partway.tools.django.conditions import is_for
from partway.tools.django.values import Call, Unknown
from partway.tools.python_strings import Text, formatted, joined, literal, percent
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 40
#: A loop over more than this is not unrolled.
_MOST = 500
_LONGEST = 400
_WIDEST = 10_000
# Options of fields that never reach the database, and of models likewise: not worth a look.
_IGNORED = frozenset(
    (
        "verbose_name", "verbose_name_plural", "help_text", "choices", "validators", "error_messages",
        "limit_choices_to", "related_query_name", "ordering", "permissions", "managers", "hints",
        "editable", "get_latest_by", "default_related_name", "violation_error_message", "serialize", "elidable",
    )
)  # fmt: skip
# Options whose value counts only as being the same as another one.
_AS_TEXT = frozenset(("on_delete", "upload_to", "storage", "encoder", "decoder", "condition", "check"))
# Calls that make a list of what they are given.
_EMPTY = frozenset(("set", "list", "tuple", "frozenset"))
_EXACT = frozenset(("RunSQL",))


class Evaluator:
    """Evaluates expressions of one file. `imports` are full paths by local name, `constants` the expressions that names
    stand for, `vendor` what Django calls the database."""

    def __init__(
        self, tree: Tree, imports: dict[str, str], constants: dict[str, Node | None], vendor: str
    ) -> None:
        self.tree = tree
        self.vendor = vendor
        self.data = tree.data
        self.imports = imports
        self.constants = constants
        self.depth = 0
        self.exact = 0  # inside calls whose strings are wanted with their places
        self.bound: dict[str, Any] = {}  # the variables of the loops that are being unrolled
        self.pending: set[str] = set()
        self.known: dict[tuple[str, bool], Any] = {}  # what constants are, as far as they were asked for
        self.budget = _MOST * 4

    def value(self, node: Node | None) -> Any:
        """The value of an expression. Never raises."""
        if node is None:
            return Unknown("")
        method = _METHODS.get(node.type)
        if method is None or self.depth >= _DEEPEST:
            return self.unknown(node)
        self.depth += 1
        try:
            return method(self, node)
        finally:
            self.depth -= 1

    def said(self, node: Node) -> str:
        """A node's text."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def unknown(self, node: Node) -> Unknown:
        """The node's text, which is all that is known of it."""
        return Unknown(self.said(node)[:_LONGEST])

    def resolved(self, dotted: str) -> str:
        """A dotted name with its first part's import in its place."""
        head, dot, rest = dotted.partition(".")
        path = self.imports.get(head)
        return dotted if path is None else path + dot + rest

    def string(self, node: Node) -> Any:
        """A string; f-strings with what can be told of them."""
        if self.exact:
            found = literal(self.tree, node, self.value)
            return self.unknown(node) if found is None else found
        said = self.said(node)
        quote = said[:1]
        if quote in "'\"" and "\\" not in said:
            width = 3 if said[:3] in ("'''", '"""') and len(said) >= 6 else 1
            return said[width:-width] if len(said) >= 2 * width else said
        found = literal(self.tree, node, self.value)
        return str(found) if found is not None and found.known else self.unknown(node)

    def concatenated(self, node: Node) -> Any:
        """Strings beside each other."""
        parts = [(self.value(child), child) for child in node.named_children if child.type != "comment"]
        if self.exact:
            kept = [(part, self.tree.span(child)) for part, child in parts if isinstance(part, Text)]
            whole = joined(kept) if len(kept) == len(parts) else None
            return self.unknown(node) if whole is None else whole
        if all(isinstance(part, str) for part, _ in parts):
            return "".join(part for part, _ in parts)
        return self.unknown(node)

    def number(self, node: Node) -> Any:
        """A number."""
        said = self.said(node)
        try:
            return int(said.replace("_", ""), 0) if node.type == "integer" else float(said)
        except (ValueError, OverflowError):
            return self.unknown(node)

    def sequence(self, node: Node) -> Any:
        """A list, tuple or set."""
        items: list[Any] = []
        for child in node.named_children:
            kind = child.type
            if kind == "list_splat":
                inner = self.value(child.named_children[0]) if child.named_child_count else None
                items += inner if isinstance(inner, list | tuple) else [self.unknown(child)]
            elif kind not in ("comment", "ERROR"):
                items.append(self.value(child))
            if len(items) > _WIDEST:  # a program could double a list with every line
                return self.unknown(node)
        return tuple(items) if node.type == "tuple" else items

    def dictionary(self, node: Node) -> Any:
        """A dictionary; pairs with unknown keys are left out."""
        found: dict[Any, Any] = {}
        for child in node.named_children:
            if child.type == "pair":
                key = self.value(child.child_by_field_name("key"))
                if isinstance(key, str) and key in _IGNORED:
                    continue
                if isinstance(key, str | int):
                    found[key] = self.value(child.child_by_field_name("value"))
            elif child.type == "dictionary_splat" and child.named_child_count:
                inner = self.value(child.named_children[0])
                if isinstance(inner, dict):
                    found.update(inner)
        return found

    def unary(self, node: Node) -> Any:
        """A number with a sign."""
        value = self.value(node.child_by_field_name("argument"))
        if isinstance(value, int | float) and not isinstance(value, bool) and self.said(node)[:1] == "-":
            return -value
        return self.unknown(node)

    def binary(self, node: Node) -> Any:
        """Concatenation, and the formatting of strings."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None:
            return self.unknown(node)
        said = operator.type
        if said == "+":
            one, other = self.value(left), self.value(right)
            if isinstance(one, Text) and isinstance(other, Text):
                whole = joined([(one, self.tree.span(left)), (other, self.tree.span(right))])
                return self.unknown(node) if whole is None else whole
            if type(one) is type(other) and isinstance(one, str | list | tuple):
                return one + other
            if isinstance(one, list) and isinstance(other, Unknown):
                return [*one, other]
        elif said == "%" and self.exact:
            one = self.value(left)
            if isinstance(one, Text):
                found = percent(one, self.value(right), self.tree.span(node))
                return self.unknown(node) if found is None else found
        elif said == "*":
            one, other = self.value(left), self.value(right)
            if type(one) is int and type(other) is int and max(abs(one), abs(other)) < 1 << 31:
                return one * other
        return self.unknown(node)

    def call(self, node: Node) -> Any:
        """A call with its arguments evaluated."""
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None or function.type not in ("identifier", "attribute"):
            return self.unknown(node)
        if self.exact and function.type == "attribute" and self.said(function).endswith(".format"):
            return self.filled(node, function, arguments)
        name = self.resolved(self.said(function))
        exact = name.rpartition(".")[2] in _EXACT
        self.exact += exact
        given: list[Any] = []
        options: dict[str, Any] = {}
        for child in arguments.named_children if arguments.type == "argument_list" else ():
            kind = child.type
            if kind == "keyword_argument":
                key = child.child_by_field_name("name")
                if key is None:
                    continue
                said = self.said(key)
                if said in _AS_TEXT:
                    value = child.child_by_field_name("value")
                    options[said] = Unknown("") if value is None else self.unknown(value)
                elif said not in _IGNORED:
                    options[said] = self.value(child.child_by_field_name("value"))
            elif kind == "list_splat" and child.named_child_count:
                inner = self.value(child.named_children[0])
                given += inner if isinstance(inner, list | tuple) else [self.unknown(child)]
            elif kind == "dictionary_splat" and child.named_child_count:
                inner = self.value(child.named_children[0])
                options.update(
                    {k: v for k, v in inner.items() if isinstance(k, str)} if isinstance(inner, dict) else {}
                )
            elif kind not in ("comment", "ERROR"):
                given.append(self.value(child))
        self.exact -= exact
        if name in _EMPTY and not options and len(given) <= 1:
            inner = given[0] if given else ()
            return list(inner) if isinstance(inner, list | tuple) else self.unknown(node)
        return Call(name, tuple(given), options, self.tree.span(node))

    def filled(self, node: Node, function: Node, arguments: Node) -> Any:
        """`text.format(...)`; what cannot be told of its arguments stays a hole."""
        text = self.value(function.child_by_field_name("object"))
        listed: list[object] = []
        named: dict[str, object] = {}
        for child in arguments.named_children:
            key = child.child_by_field_name("name")
            if child.type in ("list_splat", "dictionary_splat", "for_in_clause"):
                return self.unknown(node)
            if child.type == "keyword_argument" and key is not None:
                named[self.said(key)] = self.value(child.child_by_field_name("value"))
            elif child.type not in ("comment", "ERROR"):
                listed.append(self.value(child))
        if not isinstance(text, Text):
            return self.unknown(node)
        found = formatted(text, listed, named, self.tree.span(node))
        return self.unknown(node) if found is None else found

    def attribute(self, node: Node) -> Any:
        """A dotted name."""
        return Unknown(self.resolved(self.said(node)))

    def identifier(self, node: Node) -> Any:
        """A name: a loop's variable, a constant, or what it was imported as."""
        said = self.said(node)
        if said in self.bound:
            return self.bound[said]
        constant = self.constants.get(said)
        if constant is None or said in self.pending:
            return Unknown(self.resolved(said))
        asked = said, self.exact > 0
        if asked not in self.known:
            self.pending.add(said)
            bound, self.bound = self.bound, {}
            try:
                self.known[asked] = self.value(constant)
            finally:
                self.bound = bound
                self.pending.discard(said)
        return self.known[asked]

    def parenthesized(self, node: Node) -> Any:
        """What stands in parentheses."""
        inner = [child for child in node.named_children if child.type != "comment"]
        return self.value(inner[0]) if len(inner) == 1 else self.unknown(node)

    def conditional(self, node: Node) -> Any:
        """One of two values, where the condition is about the database."""
        parts = [child for child in node.named_children if child.type != "comment"]
        decided = is_for(self.said(parts[1]), self.vendor) if len(parts) == 3 else None
        return self.unknown(node) if decided is None else self.value(parts[0 if decided else 2])

    def comprehension(self, node: Node) -> Any:
        """A list made of literals by one `for`."""
        body = node.child_by_field_name("body")
        clauses = [child for child in node.named_children if child.type in ("for_in_clause", "if_clause")]
        if body is None or len(clauses) != 1 or clauses[0].type != "for_in_clause":
            return self.unknown(node)
        left, right = clauses[0].child_by_field_name("left"), clauses[0].child_by_field_name("right")
        items = self.value(right)
        if isinstance(items, dict):
            items = list(items)
        if left is None or not isinstance(items, list | tuple) or len(items) > self.budget:
            return self.unknown(node)
        self.budget -= len(items)
        outer = dict(self.bound)
        found = []
        for names in _bindings(self.said(left), items):
            if names is None:
                self.bound = outer
                return self.unknown(node)
            self.bound = {**outer, **names}
            found.append(self.value(body))
        self.bound = outer
        return found


def _bindings(left: str, items: list[Any] | tuple[Any, ...]) -> Iterator[dict[str, Any] | None]:
    names = [name.strip() for name in left.strip("()").split(",") if name.strip()]
    for item in items:
        if len(names) == 1:
            yield {names[0]: item}
        elif isinstance(item, list | tuple) and len(item) == len(names):
            yield dict(zip(names, item, strict=True))
        else:
            yield None


_METHODS: dict[str, Callable[[Evaluator, Node], Any]] = {
    "string": Evaluator.string,
    "concatenated_string": Evaluator.concatenated,
    "integer": Evaluator.number,
    "float": Evaluator.number,
    "true": lambda *_: True,
    "false": lambda *_: False,
    "none": lambda *_: None,
    "list": Evaluator.sequence,
    "tuple": Evaluator.sequence,
    "set": Evaluator.sequence,
    "dictionary": Evaluator.dictionary,
    "unary_operator": Evaluator.unary,
    "binary_operator": Evaluator.binary,
    "call": Evaluator.call,
    "attribute": Evaluator.attribute,
    "identifier": Evaluator.identifier,
    "parenthesized_expression": Evaluator.parenthesized,
    "conditional_expression": Evaluator.conditional,
    "list_comprehension": Evaluator.comprehension,
}
