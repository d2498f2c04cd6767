"""The expressions in a function of RunPython that change nothing, and those that are the same on every run."""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING, Final

from partway.tools.django.settled_functions import changes_nothing, definition
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

_LITERAL: Final = frozenset(("integer", "float", "true", "false", "none"))
_PURE: Final = _LITERAL | frozenset(
    (
        "identifier", "attribute", "string", "string_start", "string_content", "string_end", "escape_sequence",
        "concatenated_string", "interpolation", "format_specifier", "list", "tuple", "dictionary", "pair",
        "subscript", "slice", "binary_operator", "boolean_operator", "not_operator", "unary_operator",
        "comparison_operator", "conditional_expression", "parenthesized_expression", "keyword_argument",
        "argument_list", "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression",
        "for_in_clause", "if_clause",
    )
)  # fmt: skip
#: What makes a value of others, or asks the database for one.
_MAKES: Final = frozenset(
    (
        "Case", "Cast", "Coalesce", "Concat", "Decimal", "Exists", "F", "Lower", "Now", "OuterRef", "Q", "Subquery",
        "Trim", "Upper", "Value", "When", "abs", "all", "bool", "capitalize", "count", "date", "datetime", "decode",
        "dumps", "encode", "endswith", "exclude", "exists", "filter", "first", "float", "format", "get", "get_model",
        "get_random_string", "hexdigest", "int", "isoformat", "iterator", "join", "last", "len", "list", "loads",
        "lower", "lstrip", "max", "md5", "min", "now", "order_by", "replace", "round", "rsplit", "rstrip", "sha256",
        "slugify", "split", "startswith", "str", "strip", "timedelta", "title", "today", "token_hex",
        "token_urlsafe", "upper", "using", "uuid1", "uuid4", "values_list",
    )
)  # fmt: skip
#: What gives the same for the same values, and changes none of them.
_FUNCTIONS: Final = frozenset(("abs", "bool", "float", "int", "len", "max", "min", "round", "str"))
_METHODS: Final = frozenset(
    (
        "capitalize", "date", "endswith", "format", "get", "isoformat", "join", "lower", "lstrip", "replace", "rsplit",
        "rstrip", "split", "startswith", "strip", "title", "upper",
    )
)  # fmt: skip
_OF_STRINGS: Final = frozenset(
    ("string_start", "string_content", "string_end", "escape_sequence", "format_specifier")
)
_CONSTANT: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_SETTING: Final = re.compile(r"(?:settings|(?:\w+\.)*[A-Z]\w*)\.[A-Z][A-Z0-9_]*")
_DEEPEST: Final = 30


class Values:
    """Expressions of one function. `taken` are the names that stand for something of it, `locals` those for values,
    `constants` those for the same value wherever they stand, as text."""

    def __init__(self, tree: Tree, text: str) -> None:
        self.tree = tree
        self.text = text
        self.taken: set[str] = set()
        self.locals: set[str] = set()
        self.constants: dict[str, str] = {}
        self._pure: dict[str, bool] = {}

    def of(self, tree: Tree) -> Values:
        """Those of another function of the file."""
        other = Values(tree, self.text)
        other._pure = self._pure
        return other

    def is_pure(self, node: Node, depth: int = 0) -> bool:
        """Whether an expression changes nothing, as far as it is known what it calls."""
        if depth > _DEEPEST:
            return False
        if node.type == "call":
            function = node.child_by_field_name("function")
            if function is None or not self._makes(function):
                return False
        elif node.type not in _PURE:
            return False
        return all(self.is_pure(child, depth + 1) for child in node.named_children if child.type != "comment")

    def _makes(self, function: Node) -> bool:
        name = self.tree.said(function).rpartition(".")[2]
        if function.type == "identifier" and name in self.taken:
            return False
        if function.type == "identifier":
            return (
                self._is_pure_function(name) if self.is_own(name) else name in _MAKES or self._is_error(name)
            )
        return function.type == "attribute" and name in _MAKES

    def _is_error(self, name: str) -> bool:
        """Whether this is one of Python's own errors, which is raised."""
        error = getattr(builtins, name, None)
        return isinstance(error, type) and issubclass(error, Exception) and name not in self.taken

    def _is_pure_function(self, name: str) -> bool:
        """Whether it is a function of the file that only works something out."""
        if name in self.taken:
            return False
        if name not in self._pure:
            self._pure[name] = False  # while it is looked at: it may call itself
            defined = definition(self.text, name)
            body = defined[1].child_by_field_name("body") if defined is not None else None
            if defined is not None and body is not None:
                self._pure[name] = changes_nothing(self.of(defined[0]), body)
        return self._pure[name]

    def is_own(self, name: str) -> bool:
        """Whether the file has a function or class of this name."""
        return re.search(rf"^\s*(?:def|class)\s+{name}\b", self.text, re.MULTILINE) is not None

    def constant(self, node: Node, depth: int = 0) -> set[str] | None:
        """The columns that a value is made of which is the same on every run as long as they are; None for others."""
        kind = node.type
        if depth > _DEEPEST:
            return None
        if kind in _LITERAL:
            return set()
        if kind == "string":
            return set() if not any(each.type == "interpolation" for each in node.named_children) else None
        if kind in ("list", "tuple", "unary_operator", "parenthesized_expression", "concatenated_string"):
            found: set[str] = set()
            for child in node.named_children:
                inner = self.constant(child, depth + 1) if child.type != "comment" else set()
                if inner is None:
                    return None
                found |= inner
            return found
        said = self.tree.said(node)
        if said.removesuffix(".pk").removesuffix(".id") in self.constants:
            return set()
        if kind == "attribute" and self._is_setting(said):
            return set()
        if kind == "identifier" and _CONSTANT.fullmatch(said) and said not in self.taken:
            return set() if self._is_literal(said) else None
        column = re.fullmatch(r"(?:models\.)?F\(\s*[\"'](\w+)[\"']\s*\)", said) if kind == "call" else None
        return set(column[1].split("__")) if column is not None else None

    def _is_literal(self, name: str) -> bool:
        """Whether a name is given a plain literal at the top level of the file, and nothing else anywhere."""
        given = re.findall(rf"\b{name}\s*(?:[-+*/|&%^]|//|\*\*|<<|>>)?=(?!=)", self.text)
        literal = r"(?:-?\d+(?:\.\d+)?|True|False|None|\"[^\"\\\n]*\"|'[^'\\\n]*')"
        return len(given) == 1 and bool(
            re.search(rf"^{name}\s*=\s*{literal}[ \t]*(?:#.*)?$", self.text, re.MULTILINE)
        )

    def _is_setting(self, said: str) -> bool:
        """Whether this is a constant of the project's settings or of a class, which nothing in the file gives a value:
        `settings.SITE_NAME`, `Status.DRAFT`."""
        if not _SETTING.fullmatch(said) or said.partition(".")[0] in self.taken:
            return False
        return re.search(rf"\b{re.escape(said)}\s*=(?!=)", self.text) is None

    def is_imported(self, name: str, module: str) -> bool:
        """Whether a name is imported from such a module, and stands for nothing else."""
        names = rf"(?:\([^()]*\b{name}\b[^()]*\)|(?:\w+,[ \t]*)*{name}\b)(?!\s+as\b)"
        given = rf"^[ \t]*(?:(?:class|def)\s+{name}\b|{name}\b[^=\n(]*=(?!=))|\bas\s+{name}\b"
        imported = re.findall(rf"^[ \t]*from[ \t]+{module}[ \t]+import[ \t]+{names}", self.text, re.MULTILINE)
        return len(imported) == 1 and len(re.findall(given, self.text, re.MULTILINE)) == 0

    def made_of(self, node: Node, rows: set[str], depth: int = 0) -> set[str] | None:
        """The columns of these rows, and of those that they point to, that a value is made of and of nothing else; None
        where it may be another one on the next run."""
        steady = self.constant(node)
        if steady is not None or depth > _DEEPEST or node.type not in _PURE | {"call"}:
            return steady
        if node.type == "identifier":
            return None
        if node.type == "attribute":
            names = self.tree.said(node).split(".")
            return set(names[1:]) if names[0] in rows and all(map(str.isidentifier, names)) else None
        parts: list[Node | None] = [child for child in node.named_children if child.type != "comment"]
        if node.type == "keyword_argument":
            parts = [node.child_by_field_name("value")]
        elif node.type == "call":
            function = node.child_by_field_name("function")
            given = parts[-1]
            if function is None or given is None or not self._is_steady(function, given):
                return None
            parts[0] = function.child_by_field_name("object")
            parts = parts if function.type == "attribute" else parts[1:]
        found: set[str] = set()
        for part in parts:
            if part is not None and part.type in _OF_STRINGS:
                continue
            inner = self.made_of(part, rows, depth + 1) if part is not None else None
            if inner is None:
                return None
            found |= inner
        return found

    def _is_steady(self, function: Node, given: Node) -> bool:
        """Whether it gives the same for the same: one of Python's own functions, or a method of its plain values; where
        `get` is given names, it asks for a row."""
        if function.type == "identifier":
            name = self.tree.said(function)
            return name in _FUNCTIONS and name not in self.taken and not self.is_own(name)
        method = function.child_by_field_name("attribute") if function.type == "attribute" else None
        name = self.tree.said(method) if method is not None else ""
        asks = name == "get" and any(one.type != "string" for one in given.named_children[:1])
        return name in _METHODS and not asks
