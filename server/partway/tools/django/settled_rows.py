"""The rows that an expression in a function of RunPython selects, where that is plain: those of a model, by what is
said of its columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from partway.tools.django.settled_queries import Asked, asked_by
from partway.tools.django.settled_values import Values
from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

#: What can be said of a selection without choosing other rows.
_NEUTRAL: Final = frozenset(
    ("all", "defer", "distinct", "iterator", "only", "order_by", "prefetch_related", "select_related", "using")
)  # fmt: skip
#: How a column of the row itself is compared; any other word may lead to another row.
_COMPARES: Final = frozenset(
    (
        "contains", "date", "endswith", "exact", "gt", "gte", "icontains", "iendswith", "iexact", "in", "iregex",
        "isnull", "istartswith", "lt", "lte", "range", "regex", "startswith", "year",
    )
)  # fmt: skip
_MANAGERS: Final = frozenset(("objects", "_default_manager", "_base_manager"))
_DEEPEST: Final = 12
#: What a selection is chosen by where only the application's code tells.
ANYTHING: Final = "*"


class NotPlain(Exception):  # no error: the answer
    """Something that is none of the plain forms."""


class Chosen(NamedTuple):
    """A selection of a model's rows: the columns in which they have nothing, and the names that it is chosen by
    besides; ANYTHING among them where they are those of a manager or a model of the application's own. `own` says that
    it hangs on columns of the row itself alone."""

    model: str
    nulls: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    own: bool = True


class Loop(NamedTuple):
    """A loop over rows: the name that stands for each of them, and how they are chosen."""

    name: str
    chosen: Chosen


def compared(name: str) -> str:
    """A column as it is compared: a key to another table goes by two names."""
    return name.removesuffix("_id")


class Rows:
    """What the names of one function select: `models` are those that stand for one, `named` selections, `loops` what is
    being looped over, the outermost first. `apps` is the function's first parameter."""

    def __init__(self, tree: Tree, values: Values) -> None:
        self.tree = tree
        self.values = values
        self.apps = ""
        self.models: dict[str, str] = {}
        self.named: dict[str, Chosen] = {}
        self.loops: list[Loop] = []

    def chosen(self, node: Node, depth: int = 0) -> Chosen | None:
        """The rows that an expression selects; None where it is no plain selection."""
        if depth > _DEEPEST:
            return None
        if node.type == "identifier":
            return self.named.get(self.tree.said(node))
        if node.type == "attribute":
            return self._of_manager(node)
        function = node.child_by_field_name("function") if node.type == "call" else None
        given = node.child_by_field_name("arguments") if function is not None else None
        inner = function.child_by_field_name("object") if function is not None else None
        method = function.child_by_field_name("attribute") if function is not None else None
        if given is None or inner is None or method is None:
            return None
        chosen, name = self.chosen(inner, depth + 1), self.tree.said(method)
        arguments = [child for child in given.named_children if child.type != "comment"]
        if chosen is None or (name not in _NEUTRAL and name not in ("filter", "exclude")):
            return None
        if name in _NEUTRAL:
            return chosen if all(map(self.values.is_pure, arguments)) else None
        return self._narrowed(chosen, arguments, excludes=name == "exclude")

    def _of_manager(self, node: Node) -> Chosen | None:
        """The rows of a model that one of its managers gives."""
        owner, manager = node.child_by_field_name("object"), node.child_by_field_name("attribute")
        if owner is None or manager is None:
            return None
        model = self.model(owner) or self.tree.said(owner)
        if not self.model(owner):
            return Chosen(model, asked=frozenset((ANYTHING,))) if self._is_imported(owner) else None
        known = self.tree.said(manager) in _MANAGERS
        return Chosen(model, asked=frozenset() if known else frozenset((ANYTHING,)))

    def _is_imported(self, node: Node) -> bool:
        """Whether a name is that of one of the application's own models."""
        name = self.tree.said(node)
        if node.type != "identifier" or name in self.values.taken or not name[:1].isupper():
            return False
        return self.values.is_imported(name, r"[\w.]*\bmodels\b[\w.]*")

    def _narrowed(self, chosen: Chosen, arguments: list[Node], *, excludes: bool) -> Chosen | None:
        def lookup(node: Node, holds: bool) -> Asked | None:
            return self._lookup(node, holds, chosen)

        own = self.values.is_own("Q") or "Q" in self.values.taken
        if own and any(one.type != "keyword_argument" for one in arguments):
            return None
        asked = asked_by(self.tree, arguments, lookup, holds=not excludes)
        if asked is None:
            return None
        own = chosen.own and asked.own
        return Chosen(chosen.model, chosen.nulls | asked.nulls, chosen.asked | asked.names, own)

    def _lookup(self, node: Node, holds: bool, chosen: Chosen) -> Asked | None:
        """What a lookup says of the rows for which it holds, or does not."""
        lookup, value = self.keyword(node)
        words = lookup.split("__")
        nothing = frozenset((compared(words[0]),))
        if words[1:] == ["isnull"] and value.type == ("true" if holds else "false"):
            return Asked(nulls=nothing)
        if len(words) == 1 and value.type == "none" and holds:
            return Asked(nulls=nothing)
        if lookup in ("pk", "id") and holds and (its := self._row(value, lookup, chosen)):
            return Asked(its.nulls, its.asked, own=False)
        if self.values.constant(value) == set():
            return Asked(names=frozenset(map(compared, words)), own=_COMPARES.issuperset(words[1:]))
        return None

    def _row(self, value: Node, key: str, among: Chosen) -> Chosen | None:
        """How the row was chosen whose key this is, one of the same model."""
        said = self.tree.said(value)
        for name, chosen in self.loops:
            if said in (f"{name}.{key}", f"{name}.pk") and chosen.model == among.model:
                return chosen
        return None

    def model(self, node: Node) -> str:
        """The model that an expression asks for, or that a name stands for, with its app; empty for anything else."""
        said = self.tree.said(node)
        if said in self.models:
            return self.models[said]
        asked = re.fullmatch(rf"{re.escape(self.apps)}\.get_model\(([^()]*)\)", said)
        named = [each.strip() for each in asked[1].split(",")] if asked is not None and self.apps else []
        names = named[:-1] if named[1:] and not named[-1] else named
        meant = [self.values.constants.get(name, name) for name in names]
        if not 0 < len(meant) < 3 or not all(re.fullmatch(r"[\"'][\w.]+[\"']", one) for one in meant):
            return ""
        return ".".join(one[1:-1] for one in meant).lower()

    def keyword(self, node: Node) -> tuple[str, Node]:
        """An argument by its name, with its value."""
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if node.type != "keyword_argument" or name is None or value is None:
            raise NotPlain
        return self.tree.said(name), value
