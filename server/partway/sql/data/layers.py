"""Functions of one column applied twice: the expression read as layers around the column."""

from __future__ import annotations

from partway.sql.data.functions import COMPOUNDING, NORMALISERS, PURE, SELECTORS, SETTLING
from partway.sql.data.nodes import NULL, Node, columns, literal, walk
from partway.sql.data.simplify import simplified
from partway.sql.data.verdict import COMPOUNDS, SAME, UNKNOWN, Verdict

_CONSTANTS = frozenset(
    {"number", "string", "boolean", "null", "array", "row", "cast", "default", "parameter"}
)


def effect(column: str, value: Node) -> Verdict:
    """What applying a function of one column twice does: read as layers around the column, outermost first."""
    reads = sum(node == Node("column", column) for node in walk(value))
    layers: list[tuple[str, object]] = []
    compounding: set[str] = set()
    node = value
    while node != Node("column", column):
        inner = [part for part in node.parts if column in columns(part)]
        if len(inner) != 1:
            return _mixed(node, column)
        layer = _layer(node, inner[0])
        if layer[0] == "compounds":
            compounding.add(node.value)
        layers.append(layer)
        node = inner[0]
    if compounding:
        undone = {"*", "/"} <= compounding or {"+", "-"} <= compounding  # round(n / 10) * 10
        cuts = any(
            family in ("replace", "cut", "left", "right") or isinstance(detail, tuple)
            for family, detail in layers
        )
        undone = undone or (compounding <= {"||", "concat"} and cuts)  # rtrim(s, '.') || '.'
        known = all(n.value in PURE for n in walk(value) if n.kind == "call")
        return COMPOUNDS if known and not undone else UNKNOWN
    if layers[-1][0] == "selector" and layers[-1][1] is not None and ("selector", None) not in layers:
        layers.pop()  # what fills in for NULL first: the second run finds a value
    if reads != 1 or any(name == "unknown" for name, _ in layers):
        return UNKNOWN
    return SAME if _compatible(layers) else UNKNOWN


def _mixed(node: Node, column: str) -> Verdict:
    """A node that reads the column in several of its parts."""
    bare = Node("column", column)
    takes_out = any(n.kind == "operator" and n.value in ("->", "->>", "#>", "#>>") for n in walk(node))
    if node.kind == "operator" and node.value == "||" and takes_out:
        return COMPOUNDS  # a key renamed: (d - 'a') || jsonb_build_object('b', d->'a')
    if takes_out and node.value in ("jsonb_set", "json_set", "json_replace"):
        counts = any(
            n.kind == "operator" and n.value in ("+", "-", "*") for part in node.parts[1:] for n in walk(part)
        )
        return COMPOUNDS if counts else UNKNOWN
    if node.kind == "operator" and node.value in ("+", "*", "||") and bare in node.parts:
        return COMPOUNDS
    if (
        node.kind == "operator"
        and node.value in ("+", "-", "*", "/")
        and not any(n.kind == "call" for n in walk(node))
    ):
        return COMPOUNDS
    return UNKNOWN


def _layer(node: Node, inner: Node) -> tuple[str, object]:
    """What one function does to its inner value: its family and the constant that it may give instead."""
    kind, name, parts = node
    others = [part for part in parts if part is not inner]
    fixed = all(literal(part).kind in _CONSTANTS or not columns(part) for part in others)
    if kind == "cast" or (kind == "is" and name == "true"):
        return "cast", None
    if kind in ("not", "array", "row"):
        return "compounds", None
    if kind == "operator":
        return _operator_layer(node, inner, others)
    if kind != "call":
        return "unknown", None
    if name in NORMALISERS and parts.index(inner) in (0, 1):
        return NORMALISERS[name], name if len(parts) == 1 else tuple(others)
    if name in SELECTORS and fixed:
        return "selector", None if name == "nullif" else tuple(others)
    if name == "replace" and len(parts) == 3 and parts[0] is inner:
        return _replacing(literal(parts[1]), literal(parts[2]))
    if name in ("substr", "substring", "mid") and parts[0] is inner and len(parts) > 1:
        start = literal(parts[1])
        return (
            ("cut", None)
            if start == Node("number", "1")
            else ("compounds" if start.kind == "number" else "unknown", None)
        )
    if name in ("split_part", "substring_index") and parts[0] is inner and len(parts) == 3:
        return ("cut", None) if literal(parts[2]).value in ("1", "-1") else ("compounds", None)
    if name in SETTLING and parts[0] is inner and fixed:
        path = literal(parts[1]) if len(parts) > 1 else NULL
        if "remove" in name and name.startswith("json") and path.value.endswith("]"):
            return "compounds", None  # the next element moves to the place of the removed one
        return ("json" if "json" in name else name), tuple(others)
    return ("compounds" if name in COMPOUNDING else "unknown"), None


def _operator_layer(node: Node, inner: Node, others: list[Node]) -> tuple[str, object]:
    name = node.value
    constants = [literal(part) for part in others]
    if name == "||":
        objects = all(_is_object(part) for part in others)
        return ("json", None) if objects and node.parts[0] is inner else ("compounds", None)
    if name == "-" and node.parts[0] is inner and all(c.kind in ("string", "array") for c in constants):
        return "json", None
    if name == "#-":
        moving = any(
            c.kind != "string" or any(step.strip("{} -").isdigit() for step in c.value.split(","))
            for c in constants
        )
        return ("unknown" if moving else "json"), None
    if name in ("&", "|", "%", "MOD"):
        return ("bits", tuple(others)) if node.parts[0] is inner or name in "&|" else ("compounds", None)
    if name in (
        "+",
        "-",
        "*",
        "/",
        "DIV",
        "^",
        "#",
        "->",
        "->>",
        "#>",
        "#>>",
        "unary -",
        "unary ~",
        "<<",
        ">>",
    ):
        neutral = {"+": "0", "-": "0", "*": "1", "/": "1"}.get(name)
        if (
            all(c == Node("number", neutral or "") for c in constants)
            and constants
            and node.parts[0] is inner
        ):
            return "cast", None
        return "compounds", None
    return "unknown", None


def _is_object(node: Node) -> bool:
    if node.kind == "call":
        return node.value in ("jsonb_build_object", "json_build_object") and not columns(node)
    return literal(node).kind == "string" and literal(node).value.strip().startswith("{")


def _replacing(old: Node, new: Node) -> tuple[str, object]:
    """replace(x, old, new): whether `new` can bring back `old`."""
    if old.kind != "string" or new.kind != "string" or not old.value:
        return "unknown", None
    a, b = old.value, new.value
    if a == b:
        return "cast", None
    if a in b:
        return "compounds", None
    return "replace", (a, b)


def _touches(a: str, b: str) -> bool:
    """Whether text `a` can arise at an edge of an inserted `b`, or around it."""
    if not b:
        return len(a) > 1 and len(set(a)) == 1  # taking out "--" can leave another one
    return b in a or any(a.endswith(b[:n]) or a.startswith(b[-n:]) for n in range(1, min(len(a), len(b)) + 1))


def _compatible(layers: list[tuple[str, object]]) -> bool:
    """Whether layers that settle one by one settle together."""
    families = {family for family, _ in layers} - {"cast"}
    pairs = [detail for family, detail in layers if family == "replace" and isinstance(detail, tuple)]
    if any(_touches(a, b) or a in b for a, _ in pairs for _, b in pairs):
        return False
    if families <= {"replace"} or families <= {"json"}:
        return True
    normalisers = families - {"selector"}
    if normalisers and not normalisers <= {"case", "trim"} and (len(layers) > 1 and len(families) > 1):
        return False
    if len(normalisers) > 1 and not normalisers <= {"case", "trim"}:
        return False
    names = [detail for family, detail in layers if family in ("case", "trim")]
    if len({detail for family, detail in layers if family == "case"}) > 1:
        return False
    constants = [
        c for family, detail in layers if family == "selector" and isinstance(detail, tuple) for c in detail
    ]
    return all(_fixed(name, literal(constant)) for name in names for constant in constants)


def _fixed(name: object, constant: Node) -> bool:
    """Whether a normaliser leaves a constant alone."""
    if constant.kind == "null":
        return True
    return isinstance(name, str) and simplified(Node("call", name, (constant,))) == constant
