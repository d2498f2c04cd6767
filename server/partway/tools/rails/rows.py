"""Changes to a model's records: whether a second run of one finds everything as the first has left it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from partway.core.operation import Repeat
from partway.tools.embedded import HOLE
from partway.tools.rails.inflection import inflector
from partway.tools.rails.values import REST, UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from partway.tools.trees import Tree

# What assigns columns: by a dictionary or a string of SQL, or one column by its name and its value.
_BY_DICTIONARY = frozenset(
    ("update", "update!", "update_all", "update_attributes", "update_attributes!", "update_columns")
)
_BY_NAME = frozenset(("update_attribute", "update_column"))
# What saves columns that nobody sees here, most likely those that the records were chosen for the lack of.
_SAVES = frozenset(("save", "save!"))
_MISSING = re.compile(r"\bwhere\s*\([^)]*(?:\bnil\b|\bIS NULL\b|''|\"\")", re.IGNORECASE)
_LITERAL = r"(?:NULL|TRUE|FALSE|-?\d+(?:\.\d+)?|'(?:[^'\\]|'')*'|\"[^\"\\]*\")"
_ASSIGNMENT = rf"[\w.`]+\s*=\s*{_LITERAL}"
_CONSTANTS = re.compile(rf"\s*{_ASSIGNMENT}(?:\s*,\s*{_ASSIGNMENT})*\s*", re.IGNORECASE)
_LOOKS_UP = r"(?:find_by\w*|exists\?|where)\b"
#: A question to a class whether there is none: `Site.roles[:admin].blank?`.
_NONE_THERE = re.compile(
    r"(?<![\w.:!])[A-Z][\w:]*(?:\.\w+)?(?:\[[^\]]*\]|\([^()]*\))?\.(?:blank|nil|empty|none)\?"
)
_ASSIGNED = re.compile(r"(?:^|,)\s*(?:\w+\.)?`?(\w+)`?\s*=(?!=)")
#: Columns that say when a record was changed last: of those a second run may change what it likes.
_STAMPS = frozenset(("updated_at", "updated_on"))
#: What records are asked for the lack of: `where(kind: nil)`, `where("kind IS NULL")`, `where("moves.id IS NULL")`.
_LACKS = re.compile(r"(?<![\w.])(\w+)(?::\s*nil\b|\s*=>\s*nil\b|\s+IS\s+NULL\b)", re.IGNORECASE)
_LACKS_IN_TABLE = re.compile(r"(?<![\w.])(\w+)\.(\w+)\s+IS\s+NULL\b", re.IGNORECASE)
_LONGEST = 2000
_SOME = re.compile(r"\b(?:limit|offset|first|last|take|sample)\b")
_CHOOSES = re.compile(r"\b(?:where|find_by|rewhere|not)\b(.*)", re.DOTALL)


def asked(tree: Tree, node: Node) -> str:
    """The conditions around a call, as another clause of what chooses its records; empty where there are none."""
    found: list[str] = []
    inner, around = node, node.parent
    while around is not None and around.type not in ("method", "singleton_method"):
        condition = around.child_by_field_name("condition")
        if condition is not None and condition != inner:
            found.append(tree.said(condition))
        elif around.type == "binary" and around.child_by_field_name("right") == inner:
            left = around.child_by_field_name("left")
            found += [tree.said(left)] if left is not None else []
        inner, around = around, around.parent
    return f" where {' and '.join(found)}" if found else ""


def is_settled(
    name: str, args: list[Value], options: dict[str, Value], chosen: str, table: str, dialect: str
) -> bool:
    """Whether a call gives its columns values that do not change from run to run, or most likely takes only the records
    that are not done yet: what selects them (`chosen`) asks for a column that it assigns."""
    if name in _SAVES and _MISSING.search(chosen):
        return True
    assigned: dict[str, Value] | None = None
    if name in _BY_NAME and len(args) == 2 and isinstance(args[0], str):
        assigned = {args[0]: args[1]}
    elif name in _BY_DICTIONARY and options and not args and REST not in options:
        assigned = options
    elif name == "update_all" and len(args) == 1 and isinstance(args[0], list):
        return all(map(_is_constant, args[0])) and not _reads(args[0])
    elif name == "update_all" and len(args) == 1 and isinstance(args[0], str):
        if _CONSTANTS.fullmatch(args[0]) or (
            not _SOME.search(chosen) and _again(args[0], table, dialect) is Repeat.SAME
        ):
            return True
        assigned = dict.fromkeys(_ASSIGNED.findall(args[0]), UNKNOWN)
    if not assigned:
        return False
    assigned = {name: value for name, value in assigned.items() if name not in _STAMPS}
    return all(map(_is_constant, assigned.values())) or _asks_for(chosen, assigned)


def looked_for(chosen: str, model: str, text: str) -> bool:
    """Whether the conditions around a call look for records of the model, at what was found before, or whether a class
    has none of something: most likely the call makes those that are missing."""
    at = chosen.find(" where ")
    asks = chosen[at:] if at >= 0 else ""
    lookup = rf"{re.escape(model)}\.{_LOOKS_UP}"
    if re.search(rf"\b{lookup}", asks) or _NONE_THERE.search(asks):
        return True
    names = set(re.findall(r"\b[a-z_]\w*\b", asks))
    return any(re.search(rf"\b{name}\s*=\s*{lookup}", text) for name in names)


def fills_lack(tree: Tree, node: Node) -> bool:
    """Whether a call stands in a loop over records that lack something which the loop gives them: they were asked for
    with nothing in a column that is assigned there, or in a column of a table that gets rows there."""
    around = node.parent
    while around is not None and around.type not in ("method", "singleton_method"):
        call = around.parent if around.type in ("block", "do_block") else None
        receiver = call.child_by_field_name("receiver") if call is not None and call.type == "call" else None
        if receiver is not None and call is not None:
            body = tree.said(around)
            return any(re.search(given, body) for given in _given(tree.said(receiver)))
        around = around.parent
    return False


def _given(chosen: str) -> Iterator[str]:
    """Patterns for what gives records what they were chosen for the lack of."""
    if len(chosen) > _LONGEST:
        return
    for table, column in _LACKS_IN_TABLE.findall(chosen):
        yield rf"\b{column}['\"]?\s*(?:=(?![=~])|:|=>|,)"
        model = "".join(word.capitalize() for word in inflector().singularize(table).split("_"))
        yield rf"\b{model}\.(?:create|new|insert|find_or_create|where\b.*first_or)"
    for column in _LACKS.findall(chosen):
        yield rf"\b{column}['\"]?\s*(?:=(?![=~])|:|=>|,)"


def compounds(name: str, args: list[Value], chosen: str, table: str, dialect: str) -> bool:
    """Whether a call changes all records on top of what a first run has made of them:
    `update_all("size = size + 1")`."""
    return (
        name == "update_all"
        and len(args) == 1
        and isinstance(args[0], str)
        and not _CHOOSES.search(chosen)
        and not _SOME.search(chosen)
        and _again(args[0], table, dialect) is Repeat.CHANGES
    )


@lru_cache(maxsize=256)
def _again(assignments: str, table: str, dialect: str) -> Repeat:
    """What these assignments do to all records once more, as in SQL: those that read only columns which stay as they
    are give the same values."""
    from partway.dialects import dialect_named
    from partway.sql.data.statement import read_data
    from partway.sql.lexer import lex

    if HOLE in assignments:
        return Repeat.UNKNOWN
    of = dialect_named(dialect)
    words = ("UPDATE", table if table.isidentifier() else "these", "SET", assignments)
    text = " ".join(words)  # read, and sent nowhere
    actions = read_data(text, lex(text, of.lexis).tokens, of, ())
    return actions[0].repeat if actions is not None and len(actions) == 1 else Repeat.UNKNOWN


def _reads(bound: list[Value]) -> bool:
    """Whether a string of SQL with values bound to it assigns anything but them: `["kind = ?", 1]` does not."""
    return not bound or _CONSTANTS.fullmatch(str(bound[0]).replace("?", "0")) is None


def _is_constant(value: Value) -> bool:
    if isinstance(value, list):
        return all(map(_is_constant, value))
    return value is None or isinstance(value, int | float) or (isinstance(value, str) and HOLE not in value)


def _asks_for(chosen: str, assigned: dict[str, Value]) -> bool:
    found = _CHOOSES.search(chosen)
    return found is not None and not assigned.keys().isdisjoint(re.findall(r"\w+", found[1]))
