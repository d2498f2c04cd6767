"""Expressions made comparable: what people write against what engines print of it, through sqlglot's trees.

Engines add casts and parentheses, spell IN, BETWEEN and LIKE in their own way, and qualify names. All that is taken
away from both sides; what is left is compared. Where a tree holds what engines are known to rewrite in other ways, two
that differ prove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from partway.dialects import dialect_named
from partway.live.normal.comments import uncommented

_READ = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}
#: Introducers of character sets, which MySQL puts before every string.
_INTRODUCER = re.compile(r"\b_(?:utf8mb[34]|utf8|latin1|ascii|binary|cp\w+)\s*(?=\\?')", re.IGNORECASE)
#: The cast that PostgreSQL prints behind every string.
_CAST_TEXT = re.compile(r"('(?:[^']|'')*')::(?:text|character varying|bpchar|regclass)(?!\w|\[)")
_SPACE = re.compile(r"\s+")

Tree = tuple[Any, ...]


def same_expression(said: str, found: str, dialect: str) -> bool | None:
    """Whether two expressions mean the same; None where that cannot be told."""
    said, found = uncommented(said, dialect), uncommented(found, dialect)
    if _plain(said) == _plain(found):
        return True
    ours, theirs = canonical(said, dialect), canonical(found, dialect)
    if ours is None or theirs is None:
        return None
    if ours == theirs:
        return True
    return None if _risky(ours) or _risky(theirs) else False


def same_query(said: str, found: str, dialect: str) -> bool | None:
    """Whether two queries are the same; None where that cannot be told.

    Engines write `*` out, add aliases and qualify names, so two queries that differ otherwise prove little; but they
    keep every constant, every function and every table.
    """
    if _plain(said) == _plain(found):
        return True
    ours, theirs = canonical(said, dialect), canonical(found, dialect)
    if ours is None or theirs is None:
        return None
    if ours == theirs:
        return True
    for kind in ("literal", "table", "function"):
        if sorted(_leaves(ours, kind)) != sorted(_leaves(theirs, kind)):
            return None if kind == "function" and (_risky(ours) or _risky(theirs)) else False
    if _has(ours, "Star"):
        return None
    if set(_leaves(ours, "column")) != set(_leaves(theirs, "column")):
        return False
    plain = not any(_risky(part) for tree in (ours, theirs) for part in tree[1:])
    return False if plain and ours[0] == theirs[0] == "Select" else None


def _plain(text: str) -> str:
    text = _SPACE.sub(" ", text.strip().rstrip(";").strip())
    while text.startswith("(") and text.endswith(")") and _closes_at_end(text):
        text = text[1:-1].strip()
    return text


def _closes_at_end(text: str) -> bool:
    depth, quoted = 0, ""
    for at, character in enumerate(text):
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"`":
            quoted = character
        else:
            depth += (character == "(") - (character == ")")
            if depth == 0:
                return at == len(text) - 1
    return False


def _postgresql(text: str) -> str:
    """What PostgreSQL prints, in words that sqlglot reads."""
    text = text.replace("!~~*", " NOT ILIKE ").replace("!~~", " NOT LIKE ")
    return _CAST_TEXT.sub(r"\1", text)


def _mysql(text: str) -> str:
    """What MySQL prints, without its character sets and with strings as they are written."""
    return _INTRODUCER.sub("", text).replace("\\'", "'")


_PREPARED: dict[str, Callable[[str], str]] = {"postgresql": _postgresql, "mysql": _mysql, "mariadb": _mysql}


@lru_cache(maxsize=1024)
def canonical(text: str, dialect: str) -> Tree | None:
    """The tree of an expression or a query as nested tuples; None where it cannot be read."""
    import logging

    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    text = _plain(text)
    text = _PREPARED.get(dialect, str)(text)
    try:
        tree = sqlglot.parse_one(text, read=_READ[dialect])
    except (SqlglotError, RecursionError, ValueError):
        return None
    if isinstance(tree, exp.Command):
        return None
    try:
        return _tree(tree, dialect)
    except RecursionError:
        return None


def _tree(node: Any, dialect: str) -> Tree:
    """A node as a tuple, without what engines add."""
    special = _NODES.get(node.key)
    found = special(node, dialect) if special is not None else None
    if found is not None:
        return found
    from sqlglot import exp

    if isinstance(node, exp.Func) and node.key not in ("case", "if", "and", "or"):
        return ("function", node.sql_name().lower(), *_children(node, dialect))
    return (type(node).__name__, *_children(node, dialect))


def _inner(node: Any, dialect: str) -> Tree:
    return _tree(node.this, dialect)


#: Types that engines cast to where nobody asked for it.
_TEXTS = frozenset({"text", "varchar", "char", "bpchar", "regclass", "character varying"})


def _cast(node: Any, dialect: str) -> Tree:
    inner = _tree(node.this, dialect)
    target = node.to.sql(dialect=_READ[dialect]).lower()
    if inner[0] in ("literal", "Null", "Array", "now") or target.partition("(")[0] in _TEXTS:
        return inner
    return ("cast", inner, target)


def _literal(node: Any, _dialect: str) -> Tree:
    return ("literal", _number(str(node.this)))


#: MySQL and SQLite have numbers for truth values.
_TRUTH = {"postgresql": ("false", "true")}


def _boolean(node: Any, dialect: str) -> Tree:
    return ("literal", _TRUTH.get(dialect, ("0", "1"))[bool(node.this)])


def _negative(node: Any, _dialect: str) -> Tree | None:
    return ("literal", _number(f"-{node.this.this}")) if node.this.key == "literal" else None


def _column(node: Any, dialect: str) -> Tree:
    return ("column", _name(node.this, dialect))


def _table(node: Any, dialect: str) -> Tree:
    return (
        "table",
        _name(node.this, dialect),
        *(_tree(join, dialect) for join in node.args.get("joins") or ()),
    )


def _identifier(node: Any, dialect: str) -> Tree:
    return ("name", _name(node, dialect))


def _connected(node: Any, dialect: str) -> Tree:
    """AND or OR, of as many as stand in a row."""
    word = type(node).__name__
    flat: list[Any] = []
    for part in (_tree(one, dialect) for one in node.flatten()):
        flat += part[1:] if part[0] == word else [part]
    return (word, *flat)


def _between(node: Any, dialect: str) -> Tree:
    value, low, high = (_tree(one, dialect) for one in (node.this, node.args["low"], node.args["high"]))
    return ("And", ("GTE", low, value), ("LTE", high, value))


def _in(node: Any, dialect: str) -> Tree | None:
    return (
        ("In", *(_tree(one, dialect) for one in (node.this, *node.expressions))) if node.expressions else None
    )


def _equal(node: Any, dialect: str) -> Tree | None:
    """= ANY (ARRAY[...]) and <> ALL (ARRAY[...]), which PostgreSQL makes of IN."""
    values = _listed(node.expression)
    if values is None or values.key != "array":
        return None
    inside = ("In", *(_tree(one, dialect) for one in (node.this, *values.expressions)))
    return inside if node.key == "eq" else ("Not", inside)


def _not(node: Any, dialect: str) -> Tree:
    inner = _tree(node.this, dialect)
    return inner[1] if inner[0] == "Not" else ("Not", inner)


def _zone(node: Any, dialect: str) -> Tree:
    return ("function", "timezone", _tree(node.args["zone"], dialect), _tree(node.this, dialect))


def _now(node: Any, dialect: str) -> Tree:
    return ("now", *([_tree(node.this, dialect)] if node.this else []))


def _anonymous(node: Any, dialect: str) -> Tree:
    name = str(node.this).lower()
    arguments = [_tree(one, dialect) for one in node.expressions]
    return (
        ("now", *arguments)
        if name in ("now", "localtimestamp", "localtime")
        else ("function", name, *arguments)
    )


def _listed(node: Any) -> Any:
    """What stands in ANY (...) or ALL (...); sqlglot takes the second for a function of that name."""
    if node.key == "any":
        values = node.this
    elif node.key == "anonymous" and str(node.this).lower() == "all" and len(node.expressions) == 1:
        values = node.expressions[0]
    else:
        return None
    while values.key in ("paren", "cast"):
        values = values.this
    return values


def _select(node: Any, dialect: str) -> Tree:
    """A SELECT, with its tables and joins in one list however they are put in parentheses."""
    first = node.args.get("from_") or node.args.get("from")
    source = first.this if first is not None else None
    joins = list(node.args.get("joins") or ())
    while source is not None and source.key in ("paren", "subquery") and source.this.key == "table":
        joins = list(source.this.args.get("joins") or ()) + list(source.args.get("joins") or ()) + joins
        source = source.this
    tables = (
        [("table", _name(source.this, dialect))]
        if source is not None and source.key == "table"
        else ([_tree(source, dialect)] if source is not None else [])
    )
    rest = node.copy()
    for key in ("from", "from_", "joins"):
        rest.args.pop(key, None)
    return ("Select", *_children(rest, dialect), ("From", *tables, *(_tree(join, dialect) for join in joins)))


#: What is read in its own way, by the key of sqlglot's class.
_NODES: dict[str, Callable[[Any, str], Tree | None]] = {
    "paren": _inner,
    "alias": _inner,
    "cast": _cast,
    "literal": _literal,
    "boolean": _boolean,
    "neg": _negative,
    "column": _column,
    "table": _table,
    "identifier": _identifier,
    "and": _connected,
    "or": _connected,
    "between": _between,
    "in": _in,
    "eq": _equal,
    "neq": _equal,
    "not": _not,
    "attimezone": _zone,
    "currenttimestamp": _now,
    "currentdatetime": _now,
    "anonymous": _anonymous,
    "select": _select,
}


def _children(node: Any, dialect: str) -> list[Any]:
    """What a node holds, in the order of its arguments' names, without what is empty."""
    out: list[Any] = []
    for key, value in sorted(node.args.items()):
        if key in ("alias", "db", "catalog", "is_string"):
            continue
        for one in value if isinstance(value, list) else [value]:
            if hasattr(one, "args"):
                out.append(
                    (key, _tree(one, dialect))
                    if key not in ("this", "expression", "expressions")
                    else _tree(one, dialect)
                )
            elif one not in (None, False, ""):
                out.append((key, str(one).lower()))
    return out


def _name(node: Any, dialect: str) -> str:
    """A name; where unquoted ones are folded, quoted ones keep their case."""
    name = str(getattr(node, "name", node))
    quoted = hasattr(node, "args") and bool(node.args.get("quoted"))
    return name if quoted and dialect_named(dialect).folds else name.lower()


def _number(text: str) -> str:
    try:
        return str(Decimal(text).normalize() + 0)
    except InvalidOperation:
        return text


#: What engines rewrite in ways that are not undone here.
_RISKY = frozenset(
    """json_extract_scalar json_extract substring extract trim Case If Interval Substring Extract Trim Overlay Position
    SimilarTo Tuple Select Subquery JSONExtract Collate JSONExtractScalar RegexpLike Bracket Array Dot Distinct
    Introducer cast Placeholder Parameter""".split()  # noqa: SIM905 - a list of words
)


def _risky(tree: Any) -> bool:
    return isinstance(tree, tuple) and (
        bool(tree and (tree[0] in _RISKY or (tree[0] == "function" and tree[1] in _RISKY)))
        or any(_risky(one) for one in tree if isinstance(one, tuple))
    )


def _leaves(tree: Any, kind: str) -> list[str]:
    found: list[str] = []
    if isinstance(tree, tuple) and tree:
        if tree[0] == kind and len(tree) > 1 and isinstance(tree[1], str):
            found.append(tree[1])
        for one in tree:
            found += _leaves(one, kind)
    return found


def _has(tree: Any, kind: str) -> bool:
    return isinstance(tree, tuple) and (
        bool(tree and tree[0] == kind) or any(_has(one, kind) for one in tree)
    )
