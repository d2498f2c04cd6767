"""Conditions of a revision that look at the database: what is known to be there, or not, where they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from partway.core.operation import Action, Guard, GuardForm
from partway.core.postcondition import Postcondition
from partway.core.source import Span
from partway.tools.alembic.catalog_asked import index_exists, index_row, invalid_index
from partway.tools.alembic.naming import given
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, Formula, Item, Member, Unknown, listed, path

_LISTS = {
    "get_table_names": "table",
    "get_view_names": "view",
    "get_materialized_view_names": "materialized-view",
    "get_sequence_names": "sequence",
    "get_schema_names": "schema",
    "get_columns": "column",
    "get_indexes": "index",
    "get_unique_constraints": "constraint",
    "get_foreign_keys": "constraint",
    "get_check_constraints": "constraint",
    "get_pk_constraint": "constraint",
    "get_enums": "type",
}
_HAS = {"has_table": "table", "has_sequence": "sequence", "has_schema": "schema", "has_type": "type"}
#: What a table that is read from the database has, by its attributes.
_REFLECTED = {
    "columns": "column", "constraints": "constraint", "foreign_key_constraints": "constraint", "indexes": "index",
}  # fmt: skip
_WRAPPERS = frozenset(("set", "list", "tuple", "frozenset", "sorted", "keys", "copy"))
_INSIDE = frozenset(("column", "index", "constraint"))
_DEEPEST = 30
#: A look at a table's index or key by something else than its name.
_ANY = "*"


class Look(NamedTuple):
    """One thing that a condition finds there (`present`) or not. `name` is "*" where it is told by something else than
    its name; `table` is empty for what stands by itself."""

    object: str
    name: str
    table: str
    present: bool


class Meaning(NamedTuple):
    """What is known where a condition holds, and where it does not. It `asks` where it calls anything at all."""

    true: tuple[Look, ...] = ()
    false: tuple[Look, ...] = ()
    asks: bool = False

    def negated(self) -> Meaning:
        """The meaning of its contrary."""
        return Meaning(self.false, self.true, self.asks)


class Condition(NamedTuple):
    """What surrounds a piece of a revision: looks that hold there, and where they are written."""

    looks: tuple[Look, ...]
    span: Span
    asks: bool = False  # it asks something that cannot be read
    handler: Guard | None = None  # a `try` whose `except` swallows the error


def meaning(value: object, depth: int = 0) -> Meaning:
    """What a condition looks at. Never raises."""
    if depth > _DEEPEST:
        return Meaning()
    if isinstance(value, Formula):
        return _formula(value, depth)
    if isinstance(value, Call):
        return _call(value, depth)
    if isinstance(value, Member) and isinstance(value.of, Call):  # a column of a row
        asked = index_exists(value.of)
        return _looked(Look("index", asked, "", present=True) if asked else None)
    return Meaning(asks=isinstance(value, Unknown | Member))


def _formula(formula: Formula, depth: int) -> Meaning:
    operator, operands = formula
    if operator == "not":
        return meaning(operands[0], depth + 1).negated()
    if operator in ("and", "or"):
        one, other = (meaning(each, depth + 1) for each in operands)
        asks = one.asks or other.asks
        if operator == "and":
            return Meaning(one.true + other.true, _common(one.false, other.false), asks)
        return Meaning(_common(one.true, other.true), one.false + other.false, asks)
    if operator == "in":
        found = _among(operands[0], operands[1])
        return Meaning((found,), (found._replace(present=False),)) if found else Meaning(asks=True)
    if operator in ("is", "==") and (operands[1] is None or isinstance(operands[1], bool)):
        inner = meaning(operands[0], depth + 1)
        return inner if operands[1] is True else inner.negated()
    if operator == "==":
        found = _named_item(formula)
        if found:
            return Meaning((found,), (found._replace(present=False),))
    if operator in (">", ">=", "==", "<") and isinstance(operands[1], int):
        counted = operands[0]
        if isinstance(counted, Call) and counted.name == "len" and counted.positional:
            inner = meaning(counted.positional[0], depth + 1)
            some = operator != "<" and operands[1] + (operator == ">") >= 1
            return inner if some else inner.negated()
    if operator == "[]" and (source := _source(operands[0])) is not None and source.object == "constraint":
        look = Look(
            "constraint", _ANY, source.table, present=True
        )  # the columns of a primary key, or its name
        return Meaning((look,), (look._replace(present=False),))
    if operator == "for":
        return _some(formula)
    if operator == "if":
        return _chosen(operands, depth)
    if operator == "<=" and (names := listed(operands[0])) is not None:
        found_all = [_among(name, operands[1]) for name in names]
        looks = tuple(look for look in found_all if look)
        return Meaning(looks, asks=not looks)
    return Meaning(asks=any(not isinstance(each, Text | int | float) for each in operands))


def _chosen(operands: tuple[object, ...], depth: int) -> Meaning:
    """`then if condition else otherwise`, where one side is plainly true or false."""
    condition, then, otherwise = (meaning(each, depth + 1) for each in operands)
    if operands[2] is False:
        return Meaning(
            condition.true + then.true, _common(condition.false, then.false), condition.asks or then.asks
        )
    if operands[1] is False:
        return Meaning(
            condition.false + otherwise.true, _common(condition.true, otherwise.false), otherwise.asks
        )
    if operands[1] is True and operands[2] is not False:
        return Meaning(
            _common(condition.true, otherwise.true), condition.false + otherwise.false, otherwise.asks
        )
    return Meaning(_common(then.true, otherwise.true), _common(then.false, otherwise.false), asks=True)


def _common(one: tuple[Look, ...], other: tuple[Look, ...]) -> tuple[Look, ...]:
    return tuple(look for look in one if look in other)


def _call(call: Call, depth: int) -> Meaning:
    name = call.name
    found: Look | None = None
    if name in _HAS:
        # `bind.dialect.has_table(bind, "users")` takes the connection first
        texts = [value for value in call.positional if isinstance(value, Text)]
        said = call.get("table_name") if call.argument("table_name") else texts[0] if texts else None
        found = Look(_HAS[name], str(said), "", present=True) if isinstance(said, Text) else None
    elif name == "has_index":
        table, index = call.get("table_name", 0), call.get("index_name", 1)
        if isinstance(table, Text) and given(index).name:
            found = Look("index", given(index).name, str(table), present=True)
    elif name in ("any", "bool", "len", "next", "list", "set", "tuple") and call.positional:
        return meaning(call.positional[0], depth + 1)
    elif name == "get" and call.positional:  # of a mapping by names
        found = _among(call.positional[0], call.receiver)
    elif name in ("scalar", "execute", "scalar_one", "scalar_one_or_none", "fetchone", "first"):
        asked = invalid_index(call) or index_row(call) or (index_exists(call) if "scalar" in name else "")
        found = Look("index", asked, "", present=True) if asked else None
    return _looked(found)


def _looked(found: Look | None) -> Meaning:
    return Meaning((found,), (found._replace(present=False),)) if found else Meaning(asks=True)


class _Source(NamedTuple):
    """What a collection of names is made from: the inspector's list."""

    object: str
    table: str


def _source(value: object) -> _Source | None:
    """The inspector's list that a value is: `inspector.get_columns("users")`, or of a table that is read from the
    database, `Table("users", MetaData(), autoload_with=bind).indexes`."""
    if isinstance(value, Member) and value.name in _REFLECTED:
        made = value.of
        if isinstance(made, Call) and made.name == "Table" and _is_reflected(made):
            table = made.get("name", 0)
            return _Source(_REFLECTED[value.name], str(table)) if isinstance(table, Text) else None
    if not isinstance(value, Call) or value.name not in _LISTS:
        return None
    object_ = _LISTS[value.name]
    table = value.get("table_name", 0) if object_ in _INSIDE else None
    if object_ in _INSIDE and not isinstance(table, Text):
        return None
    return _Source(object_, str(table) if isinstance(table, Text) else "")


def _is_reflected(table: Call) -> bool:
    """Whether a table is what the database says, and nothing that the revision says of it."""
    read = table.argument("autoload_with") is not None or table.get("autoload") is True
    return read and len(table.positional) <= 2  # its name and its metadata


def _unwrapped(value: object) -> object:
    for _ in range(_DEEPEST):
        if isinstance(value, Call) and value.name in _WRAPPERS:
            value = value.positional[0] if value.positional else value.receiver
        elif isinstance(value, Formula) and value.operator == "|":
            value = value.operands[0]
        elif isinstance(value, Formula) and value.operator == "if" and listed(value.operands[2]) == []:
            value = value.operands[1]
        else:
            break
    return value


def _among(name: object, names: object) -> Look | None:
    """The look that `name in names` is."""
    said = given(name).name if not isinstance(name, Text) else str(name)
    if not said or (not isinstance(name, Text) and not isinstance(name, Call)):
        return None
    names = _unwrapped(names)
    if path(names).endswith(".tables"):
        return Look("table", said, "", present=True)
    source = _source(names)
    if source is not None and source.object not in _INSIDE:
        return Look(source.object, said, "", present=True)
    if isinstance(names, Formula) and names.operator == "for":
        through = _unwrapped(names.operands[1])
        source = _source(through)
        body = names.operands[0]
        body = body[0] if isinstance(body, tuple) and not isinstance(body, Formula) and body else body
        if source is not None:
            return Look(source.object, said if _is_name(body) else _ANY, source.table, present=True)
    return None


def _is_name(value: object) -> bool:
    """Whether a value is the name of the item that a loop is at: `column["name"]`."""
    if isinstance(value, Formula) and value.operator == "[]":
        of, key = value.operands
        return isinstance(of, Item) and key == "name"
    if isinstance(value, Call) and value.name == "get":
        return isinstance(value.receiver, Item) and value.positional[:1] == ["name"]
    return isinstance(value, Item)


def _some(formula: Formula) -> Meaning:
    """A comprehension as a condition: whether the inspector's list has one like that."""
    body, through, *conditions = formula.operands
    source = _source(_unwrapped(through))
    if source is None:
        return Meaning(asks=True)
    asked = conditions or [body]
    for each in asked:
        for part in _parts(each):
            found = _named_item(part)
            if found is not None:
                look = found._replace(object=source.object, table=source.table)
                return Meaning((look,), (look._replace(present=False),))
    look = Look(source.object, _ANY, source.table, present=True)
    return Meaning((look,), (look._replace(present=False),))


def _parts(value: object) -> list[object]:
    if isinstance(value, Formula) and value.operator == "and":
        return [each for operand in value.operands for each in _parts(operand)][:20]
    return [value]


def _named_item(value: object) -> Look | None:
    """`column["name"] == "email"`, where `column` goes through one of the inspector's lists."""
    if not isinstance(value, Formula) or value.operator not in ("==", "in"):
        return None
    for one, other in (value.operands, value.operands[::-1]):
        if _is_name(one) and (isinstance(other, Text) or given(other).final):
            item = one.operands[0] if isinstance(one, Formula) else one
            item = item.receiver if isinstance(item, Call) else item
            source = _source(_unwrapped(item.of)) if isinstance(item, Item) else None
            name = given(other).name
            return Look(source.object if source else "", name, source.table if source else "", present=True)
    return None


def through(value: object) -> Meaning:
    """What is known inside a loop over this: that one of the inspector's list is there."""
    source = _source(_unwrapped(value))
    return Meaning((Look(source.object, _ANY, source.table, present=True),)) if source else Meaning()


def guard_for(action: Action, conditions: Sequence[Condition]) -> Guard | None:
    """The guard that the conditions around an action make for it: one that covers if any does, else one that looks at
    something else, if any looks at all."""
    missed: Guard | None = None
    for condition in conditions:
        if condition.handler is not None:
            if condition.handler.covers:
                return condition.handler
            missed = missed or condition.handler
            continue
        if not condition.looks:
            continue
        guard = Guard(GuardForm.LOOK, condition.span)
        facts = _facts(action)
        if any(_covers(look, fact) for look in condition.looks for fact in facts):
            return guard
        if not facts:  # what it is about is known to nobody: perhaps what was looked for
            if any(_may_cover(look, action) for look in condition.looks):
                return guard
            continue
        missed = missed or guard.flawed(_flaw(action, condition.looks))
    return missed


def _facts(action: Action) -> tuple[Postcondition, ...]:
    """What says that the action was done: its first fact, for a rename both."""
    return action.postconditions[: 2 if action.kind.startswith("rename-") else 1]


def _covers(look: Look, fact: Postcondition) -> bool:
    """Whether the look finds out that the fact does not hold yet."""
    if look.present is fact.present:
        return False
    kinds = {fact.object, "constraint"} if fact.object == "index" else {fact.object}
    kinds |= (
        {"index"} if fact.object == "constraint" else set()
    )  # a unique constraint is one of get_indexes, too
    if look.object not in kinds:
        return False
    if look.table and fact.table is not None and look.table.lower() != fact.table.name.lower():
        return False
    return look.name == _ANY or look.name.lower() == fact.name.name.lower()


def _may_cover(look: Look, action: Action) -> bool:
    """Whether an action on something whose name only a run would tell takes it from what was found there, as in
    `for key in inspector.get_foreign_keys("users"): op.drop_constraint(key["name"], "users")`."""
    verb, _, object_ = action.kind.partition("-")
    kinds = {"index", "constraint"} if object_ in ("index", "constraint") else {object_}
    owner = action.target.rpartition(".")[0]
    inside = not look.table or object_ == "index" or owner.lower() == look.table.lower()
    return (
        look.name == _ANY
        and look.present is (verb != "create" and verb != "add")
        and look.object in kinds
        and inside
    )


def _flaw(action: Action, looks: tuple[Look, ...]) -> str:
    said = " and ".join(dict.fromkeys(f"{look.object} {_where(look)}" for look in looks[:3]))
    return f"it looks at {said}, not at what {action.words or action.kind} makes or takes away"


def _where(look: Look) -> str:
    if look.name == _ANY:
        return f"of {look.table}"
    return f"{look.table}.{look.name}" if look.table and look.object == "column" else look.name


def concerns(look: Look, fact: Postcondition) -> bool:
    """Whether a fact about a thing can change what a look at it finds."""
    inside = fact.table.name.lower() if fact.table is not None else ""
    if fact.object == "table" and look.table and look.table.lower() == fact.name.name.lower():
        return True  # what is in it comes and goes with it
    kinds = {"index", "constraint"} if fact.object in ("index", "constraint") else {fact.object}
    if look.object not in kinds or (look.table and inside and look.table.lower() != inside):
        return False
    return look.name == _ANY or look.name.lower() == fact.name.name.lower()
