"""Programs to syntax trees: what the tools whose migrations are written in a programming language share.

tree-sitter reads any text, half-typed ones too: what it cannot fit into the grammar becomes ERROR nodes. It counts in
bytes of UTF-8; everything here is turned into offsets in code points.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from functools import cache, lru_cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

from partway.core.migration import Comment
from partway.core.source import Span

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Query

#: The packages that hold the grammars, by the language's name.
_PACKAGES = {"python": "tree_sitter_python", "ruby": "tree_sitter_ruby"}
_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Tree:
    """A text with its syntax tree. `data` is the text in UTF-8, which is what nodes count in."""

    __slots__ = ("_shifts", "_starts", "data", "language", "root", "text")

    def __init__(self, language: str, text: str) -> None:
        self.language = language
        self.text = text
        self.data, self.root = _parsed(language, text)
        # Bytes behind each character of more than one byte, and how many bytes too many there are from there on.
        self._starts: list[int] = []
        self._shifts: list[int] = [0]
        if len(self.data) != len(text):
            self._count()

    def _count(self) -> None:
        at = extra = 0
        for character in self.text:
            width = 1 if character < "\x80" else len(character.encode("utf-8", "surrogatepass"))
            at += width
            if width > 1:
                extra += width - 1
                self._starts.append(at)
                self._shifts.append(extra)

    def offset(self, at: int) -> int:
        """The offset in code points of a byte."""
        return at - self._shifts[bisect_right(self._starts, at)] if self._starts else at

    def span(self, node: Node) -> Span:
        """Where a node stands."""
        if not self._starts:
            return Span(node.start_byte, node.end_byte)
        return Span(self.offset(node.start_byte), self.offset(node.end_byte))

    def said(self, node: Node) -> str:
        """A node's text."""
        if not self._starts:
            return self.text[node.start_byte : node.end_byte]
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def captures(self, query: Query, node: Node | None = None) -> dict[str, list[Node]]:
        """The nodes that a query captures, by the captures' names; `node` None asks the whole tree."""
        from tree_sitter import QueryCursor

        return QueryCursor(query).captures(node or self.root)

    def comments(self, path: str) -> list[Comment]:
        """The comments, by this query, of a text in which any speaks to Partway; no other is of use, and a query takes
        longer to compile than many a text to read."""
        if "partway" not in self.text.lower():
            return []
        found = self.captures(query(self.language, path)).get("comment", ())
        return [Comment(self.span(node), self.said(node)) for node in found]

    def matches(self, query: Query, node: Node | None = None) -> list[dict[str, list[Node]]]:
        """What a query matches, each as its captures, in order of place."""
        from tree_sitter import QueryCursor

        return [found for _, found in QueryCursor(query).matches(node or self.root)]


@lru_cache(maxsize=2)
def _parsed(language: str, text: str) -> tuple[bytes, Node]:
    """The text in UTF-8, and the top of its tree. What proves fixes reads a text once more, on other terms."""
    data = text.encode("utf-8", "surrogatepass")
    return data, _parser(language).parse(data).root_node


@cache
def _language(name: str) -> Language:
    from tree_sitter import Language

    return Language(_grammar(_PACKAGES[name]).language())


def _grammar(package: str) -> Any:
    """The compiled half of a grammar's package. The package itself imports what would find its queries, which takes
    longer than to read a hundred migrations."""
    spec = find_spec(package)
    inner = PathFinder.find_spec("_binding", spec.submodule_search_locations) if spec is not None else None
    if inner is None or inner.loader is None:  # a package laid out otherwise
        return import_module(package)
    module = module_from_spec(inner)
    inner.loader.exec_module(module)
    return module


@cache
def _parser(name: str) -> Parser:
    from tree_sitter import Parser

    return Parser(_language(name))


@cache
def query(language: str, path: str) -> Query:
    """The query in this file of `grammars/`, such as "rails/operations.scm"; compiled once.

    Raises QueryError for a query that does not fit the grammar, and OSError where the file is missing.
    """
    from tree_sitter import Query

    with open(os.path.join(grammars(), *path.split("/")), encoding="utf-8") as file:
        return Query(_language(language), file.read())


@cache
def grammars() -> str:
    """The folder of queries: inside the installed package, beside `server` in a checkout."""
    packed = os.path.join(_HERE, "grammars")
    return (
        packed if os.path.isdir(packed) else os.path.join(os.path.dirname(os.path.dirname(_HERE)), "grammars")
    )
