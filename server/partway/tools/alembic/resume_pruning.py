"""Takes out of a revision's text what nothing in it uses: imports, constants, functions, values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from partway.tools.trees import Tree

if TYPE_CHECKING:
    from tree_sitter import Node

#: What Alembic looks for in a revision's module, and what is no name for a reader.
_KEPT = frozenset(
    ("revision", "down_revision", "branch_labels", "depends_on", "upgrade", "downgrade", "__all__", "_")
)
_ROUNDS = 50
#: Calls whose value nobody may need, but whose work somebody does.
_WORKS = re.compile(r"\bop\.(?!get_bind|get_context|f\b)\w+\(|\.execute\(|batch_op\.")


def pruned(text: str) -> str:
    """The text without what is not used in it."""
    for _ in range(_ROUNDS):
        tree = Tree("python", text)
        found = next(_unused(tree), None)
        if found is None:
            break
        start, end, instead = found
        text = text[:start] + instead + text[end:]
    return re.sub(r"\n{4,}", "\n\n\n", text)


def _unused(tree: Tree) -> Iterator[tuple[int, int, str]]:
    """Stretches of the text that can go, each with what comes instead."""
    read = _read(tree.root, tree)
    for node in tree.root.named_children:
        if node.type in ("import_statement", "import_from_statement"):
            yield from _import(tree, node, read)
        elif node.type in ("function_definition", "class_definition", "decorated_definition"):
            inner = node.child_by_field_name("definition") or node
            name = inner.child_by_field_name("name")
            said = tree.said(name) if name is not None else "_"
            if said not in _KEPT and read.count(said) == _read(inner, tree).count(said):
                yield (*_lines(tree, node), "")
        elif (target := _assigned(tree, node)) and target not in _KEPT and target not in read:
            yield (*_lines(tree, node), "")
    for node in tree.root.named_children:
        if node.type == "function_definition":
            yield from _local(tree, node)


def _local(tree: Tree, function: Node) -> Iterator[tuple[int, int, str]]:
    """Values that a function works out for nothing."""
    read = _read(function, tree)
    pending = [function]
    while pending:
        node = pending.pop()
        pending += [child for child in node.named_children if child.type not in ("string", "lambda")]
        if node.parent is None or node.parent.type != "block" or len(node.parent.named_children) < 2:
            continue
        if node.type in ("import_statement", "import_from_statement"):
            yield from _import(tree, node, read)
            continue
        name = _assigned(tree, node)
        if name and name not in read and not _WORKS.search(tree.said(node)):
            yield (*_lines(tree, node), "")


def _import(tree: Tree, node: Node, read: list[str]) -> Iterator[tuple[int, int, str]]:
    """An import without the names that are not used."""
    if "noqa" in tree.text[tree.span(node).end :].partition("\n")[0] or tree.said(node).startswith(
        "from __future__"
    ):
        return
    names = node.children_by_field_name("name")
    used = [name for name in names if _bound(tree, name) in read]
    if not names or len(used) == len(names):
        return
    if not used:
        yield (*_lines(tree, node), "")
        return
    module = node.child_by_field_name("module_name")
    said = ", ".join(tree.said(name) for name in used)
    head = f"from {tree.said(module)} import " if module is not None else "import "
    span = tree.span(node)
    yield (span.start, span.end, head + said)


def _bound(tree: Tree, name: Node) -> str:
    """The name that an import binds."""
    alias = name.child_by_field_name("alias")
    return tree.said(alias) if alias is not None else tree.said(name).partition(".")[0]


def _assigned(tree: Tree, node: Node) -> str:
    """The one name that a statement assigns to; empty for any other statement."""
    first = node.named_children[0] if node.type == "expression_statement" and node.named_child_count else None
    left = first.child_by_field_name("left") if first is not None and first.type == "assignment" else None
    return tree.said(left) if left is not None and left.type == "identifier" else ""


def _read(root: Node, tree: Tree) -> list[str]:
    """Every name that is read, as often as it is."""
    found: list[str] = []
    pending = [root]
    while pending:
        node = pending.pop()
        if node.type == "identifier" and not _only_names(node):
            found.append(tree.said(node))
        elif node.type not in ("import_statement", "import_from_statement"):
            pending += node.children
    return found


def _only_names(node: Node) -> bool:
    """Whether an identifier reads nothing: it is assigned to, or names a keyword, an attribute or a definition."""
    parent = node.parent
    if parent is None:
        return False
    for kind, field in (
        ("assignment", "left"),
        ("keyword_argument", "name"),
        ("attribute", "attribute"),
        ("function_definition", "name"),
        ("class_definition", "name"),
    ):
        if parent.type == kind and parent.child_by_field_name(field) == node:
            return True
    return False


def _lines(tree: Tree, node: Node) -> tuple[int, int]:
    """A statement's whole lines, with the comments right above it, and the empty lines behind it where it stands
    between two."""
    text, span = tree.text, tree.span(node)
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end) + 1 or len(text)
    before = text[:start]
    while (above := before.rstrip("\n").rpartition("\n")[2]).lstrip().startswith("#") and before.endswith(
        "\n"
    ):
        if before.endswith("\n\n"):
            break
        before = before[: len(before) - len(above) - 1]
    start = len(before)
    if before.endswith("\n\n") or not before.strip():
        while text[end : end + 1] == "\n":
            end += 1
    return start, end
