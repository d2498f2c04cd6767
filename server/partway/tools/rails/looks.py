"""Conditions to what they look at: `unless table_exists?(:users)`, `if !index_exists?(...) && ...`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from partway.core.source import Span
from partway.tools.rails.binding import bind
from partway.tools.rails.commands import RELATION, SOMETHING, Look, Looks
from partway.tools.rails.condition_parts import taken_apart
from partway.tools.rails.names import check_name, foreign_key_column, foreign_key_name, index_name
from partway.tools.rails.pure import DATABASES
from partway.tools.rails.scope import Scope
from partway.tools.rails.values import REST, UNKNOWN, Value, add_pair, evaluate, name_of, names_of

if TYPE_CHECKING:
    from tree_sitter import Node

#: Calls that take options behind their last argument, and how many arguments those have at most.
TAKES_OPTIONS: Final = {
    "add_belongs_to": 2, "add_column": 3, "add_foreign_key": 2, "add_index": 2, "add_reference": 2, "add_timestamps": 1,
    "change_column": 3, "create_join_table": 2, "create_table": 1, "remove_belongs_to": 2, "remove_column": 3,
    "remove_foreign_key": 2, "remove_index": 2, "remove_reference": 2,
}  # fmt: skip

_ASKS = {
    "table_exists?": "table",
    "data_source_exists?": "table",
    "view_exists?": "view",
    "column_exists?": "column",
    "index_exists?": "index",
    "index_name_exists?": "index",
    "foreign_key_exists?": "foreign key",
    "check_constraint_exists?": "check",
    "extension_enabled?": "extension",
    "schema_exists?": "schema",
}
#: Since then index_exists? needs no columns. Before, Ruby 3 refuses the call, and Ruby 2 takes the options for columns.
_BY_NAME_ALONE = (8, 1)
#: What says whether a question has found anything.
_WHETHER = {"present?": True, "blank?": False, "nil?": False}
#: How deep methods of the file that ask each other are followed: one that asks itself has no end.
_DEEPEST = 1


def looks_of(node: Node, scope: Scope, wanted: bool = True, depth: int = 0) -> Looks:
    """What a condition looks at, for what runs where it is true (`wanted`), or where it is false."""
    return tuple(
        look
        for question in taken_apart(node, scope, wanted).questions()
        if question.node.type == "call"
        for look in _asked(question.node, scope, question.wanted, depth)
    )


def _asked(node: Node, scope: Scope, wanted: bool, depth: int) -> Looks:
    tree = scope.tree
    method, receiver = node.child_by_field_name("method"), node.child_by_field_name("receiver")
    name = tree.said(method) if method is not None else ""
    args, options = arguments(node.child_by_field_name("arguments"), scope)
    present = wanted
    own = scope.program.methods.get(name) if receiver is None or receiver.type == "self" else None
    if own is not None:  # it stands before Rails's own of that name
        asked = _own(own, args, options, scope, wanted, depth)
        span = tree.span(node)
        told = [*args, *options.values()]
        return tuple(look._replace(span=span, said=name) for look in asked) or _helper(
            name, told, wanted, span
        )
    if name in _WHETHER and receiver is not None and depth < _DEEPEST:
        return looks_of(receiver, scope, wanted is _WHETHER[name], depth + 1)
    if name in ("include?", "exists?", "key?", "any?", "none?", "empty?", "present?", "blank?"):
        return _listed(node, name, scope, wanted)
    object_ = _ASKS.get(name)
    if object_ is None:
        if name.startswith("select_"):
            return _selected(args, wanted, tree.span(node), name)
        return _helper(name, [*args, *options.values()], wanted, tree.span(node))
    table: Value = None
    if receiver is not None and not DATABASES.fullmatch(tree.said(receiver)) and receiver.type != "self":
        bound = evaluate(receiver, scope)
        table = getattr(bound, "table", None)
        if table is None and name not in ("table_exists?",):
            return ()
        if name == "table_exists?":  # Model.table_exists?
            args = [table]
            table = None
    if table is not None:
        args = [table, *args]
    return (_look(object_, name, args, options, scope, present, node),)


def _own(
    method: Node, args: list[Value], options: dict[str, Value], scope: Scope, wanted: bool, depth: int
) -> Looks:
    """What a method of the file looks at, where it does nothing but ask."""
    body = method.child_by_field_name("body")
    steps = [child for child in body.named_children if child.type != "comment"] if body is not None else []
    if len(steps) != 1 or depth > _DEEPEST:
        return ()
    inner = Scope(scope.program)
    given, left = method.child_by_field_name("parameters"), list(args)
    for parameter in given.named_children if given is not None else ():
        bind(scope.tree, parameter, left, options, inner)
    return looks_of(steps[0], inner, wanted, depth + 1)


_RELNAME = re.compile(r"\brelname\s*=\s*'([^']+)'")
_REGCLASS = re.compile(r"to_regclass\(\s*'([^']+)'")
#: It answers with the name of what is there, and with nothing where nothing is.
_ANY_RELATION = re.compile(
    r"\s*SELECT\s+to_regclass\(\s*'([^']+)'\s*\)(?:\s*::\s*\w+)?(?:\s+IS\s+NOT\s+NULL)?\s*;?\s*",
    re.IGNORECASE,
)


def _selected(args: list[Value], wanted: bool, span: Span, said: str) -> Looks:
    """`select_value("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = to_regclass('...')")`: whether a failed run
    has left an index that is not valid; `select_value("SELECT to_regclass('...')")`: whether anything has that name."""
    asked = args[0] if args and isinstance(args[0], str) else ""
    relation = _ANY_RELATION.fullmatch(asked) if said == "select_value" else None
    if relation is not None:
        return (Look(RELATION, "", _unquoted(relation[1]), wanted, span, said),)
    found = _REGCLASS.search(asked) or _RELNAME.search(asked)
    if not wanted or found is None or not re.search(r"\bNOT\s+(?:\w+\.)?indisvalid\b", asked, re.IGNORECASE):
        return ()
    name = found[1].rpartition(".")[2].strip('"')
    return (Look("index", "", name, wanted, span, said),)


def _unquoted(name: str) -> str:
    """The name of an object as PostgreSQL reads it, without its schema."""
    last = re.findall(r'"(?:[^"]|"")*"|[^."]+', name)[-1:]
    return last[0][1:-1].replace('""', '"') if last and last[0].startswith('"') else "".join(last).lower()


def _helper(name: str, args: list[Value], wanted: bool, span: Span) -> Looks:
    """A question that the project has a method for: it is taken to be about what it is given the names of."""
    names = tuple(each for arg in args if isinstance(arg, list | str) for each in names_of(arg) if each)
    return (Look(SOMETHING, "", "", wanted, span, name, names),) if names and name.endswith("?") else ()


def _listed(node: Node, name: str, scope: Scope, wanted: bool) -> Looks:
    """`Model.column_names.include?("x")`, `tables.include?("x")`, `indexes(:t).any? { ... }` (which nobody can
    read)."""
    receiver = node.child_by_field_name("receiver")
    if receiver is None or name != "include?" or receiver.type != "call":
        return ()
    tree = scope.tree
    listing, owner = receiver.child_by_field_name("method"), receiver.child_by_field_name("receiver")
    args, _ = arguments(node.child_by_field_name("arguments"), scope)
    asked = name_of(args[0]) if args else ""
    what = tree.said(listing) if listing is not None else ""
    span = tree.span(node)
    if what in ("tables", "data_sources", "views"):
        return (Look("view" if what == "views" else "table", "", asked, wanted, span, what),)
    if what == "column_names" and owner is not None:
        table = getattr(evaluate(owner, scope), "table", "")
        return (Look("column", table, asked, wanted, span, what),) if table else ()
    return ()


def _look(
    object_: str,
    said: str,
    args: list[Value],
    options: dict[str, Value],
    scope: Scope,
    present: bool,
    node: Node,
) -> Look:
    span = scope.tree.span(node)
    program = scope.program
    first = name_of(args[0]) if args else ""
    second = args[1] if len(args) > 1 else None
    if object_ in ("table", "view", "extension", "schema"):
        return Look(object_, "", first, present, span, said)
    if object_ == "column":
        return Look(object_, first, name_of(second), present, span, said)
    if said == "index_name_exists?":
        return Look(object_, first, name_of(second), present, span, said)
    if object_ == "index":
        columns = second if second is not None else options.get("column")
        given = options.get("name", UNKNOWN if REST in options else None)
        if given is not None:
            name = name_of(given)
        else:
            listed = columns if isinstance(columns, str) else names_of(columns)
            name = index_name(first, listed, program.version)
        told = tuple(names_of(columns)) if columns is not None else ()
        blind = columns is None and REST not in options and (0,) < program.rails < _BY_NAME_ALONE
        flaw = (
            "before Rails 8.1 index_exists? finds no index by its name alone; index_name_exists? does"
            if blind
            else ""
        )
        return Look(object_, first, name, present, span, said, told, flaw=flaw)
    if object_ == "check":
        given = options.get("name")
        expression = options.get("expression", second)
        name = name_of(given) if given is not None else check_name(first, name_of(expression))
        return Look(object_, first, name, present, span, said)
    to_table = options.get("to_table", second if not isinstance(second, dict) else None)
    column, given = options.get("column"), options.get("name")
    if column is None and given is None and to_table is not None:
        # Any key to that table answers; the one that a call without a column makes or takes away is meant.
        column = foreign_key_column(name_of(to_table), program.inflector)
    name = name_of(given) if given is not None else foreign_key_name(first, names_of(column))
    columns_ = tuple(names_of(column)) if column is not None else ()
    return Look(
        object_,
        first,
        name,
        present,
        span,
        said,
        columns_,
        name_of(to_table) if to_table is not None else "",
    )


def arguments(node: Node | None, scope: Scope) -> tuple[list[Value], dict[str, Value]]:
    """The arguments of a call: those by place, and its options."""
    args: list[Value] = []
    options: dict[str, Value] = {}
    for child in node.named_children if node is not None else ():
        kind = child.type
        if kind == "pair":
            add_pair(child, options, scope)
        elif kind == "hash_splat_argument":
            inner = evaluate(child.named_children[0], scope) if child.named_children else UNKNOWN
            options.update(inner if isinstance(inner, dict) else {REST: UNKNOWN})
        elif kind == "splat_argument":
            inner = evaluate(child.named_children[0], scope) if child.named_children else UNKNOWN
            if isinstance(inner, list):
                args += inner
            else:
                args.append(UNKNOWN)
                options["*"] = UNKNOWN
        elif kind not in ("block_argument", "comment", "heredoc_body"):
            args.append(evaluate(child, scope))
    if args and isinstance(args[-1], dict) and node is not None and "*" not in options:
        last = node.named_children[-1]
        if last.type == "hash" and not options:  # Ruby took a last hash for options
            options = args.pop()
    return args, options


def options_last(args: list[Value], most: int) -> tuple[list[Value], dict[str, Value]]:
    """The arguments and options of a call that is given no pairs: a variable that holds a hash at their end is its
    options, and one that nobody knows may be, where there is no place for it among the arguments."""
    last = args[-1]
    if isinstance(last, dict):
        return args[:-1], dict(last)
    return (args[:-1], {REST: UNKNOWN}) if last is UNKNOWN and len(args) > most else (args, {})
