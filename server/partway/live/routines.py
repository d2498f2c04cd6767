"""Routines of one name, which some engines tell apart by the types of their arguments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from partway.core.postcondition import Postcondition
from partway.dialects.catalog.postgresql_arguments import argument_types as arguments_of
from partway.dialects.dialect import Dialect
from partway.live.normal.types import normal_types
from partway.live.wanted import ROUTINES


@cache
def argument_types(said: str, dialect: str) -> str | None:
    """A routine's argument types, `integer, text[]`, as the catalog spells them, from how a statement writes its
    arguments; None if unsure."""
    types = arguments_of(said)
    if types is None:
        return None
    normal_type = normal_types(dialect).normal_type
    return ", ".join(_PRECISION.sub("", normal_type(one)) for one in types)


#: What the catalog does not keep of an argument's type.
_PRECISION = re.compile(r"\([^)]*\)|(?<=^interval) [a-z ]+")


def same_arguments(said: str, found: str) -> bool:
    """Whether two lists of types are the same; a schema counts where both say it."""
    ours, theirs = said.split(", "), found.replace('"', "").split(", ")
    return len(ours) == len(theirs) and all(map(_same_type, ours, theirs))


def _same_type(one: str, other: str) -> bool:
    if one == other:
        return True
    both = "." in one and "." in other
    return not both and one.rpartition(".")[2] == other.rpartition(".")[2]


#: What else is told from others of its name by types: an operator by its operands, a transform by what it is for.
_OVERLOADED = ROUTINES | {"operator", "transform"}


def signature(fact: Postcondition, dialect: Dialect) -> str | None:
    """What tells a routine from others of its name; None where that is not said, or where the name is enough."""
    if fact.object not in _OVERLOADED or not dialect.routines_overload:
        return None
    said = dict(fact.attributes).get("arguments")
    types = None if said is None else argument_types(said, dialect.name)
    # The schema of a type is left out where it is on the search_path, as it is said elsewhere.
    return None if types is None else re.sub(r"[^\s,]+\.", "", types)


#: How many words a routine's key has without its arguments: its space, schema and name.
_NAMED = 3


def others_of_name(key: tuple[str, ...], known: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The keys of what is known by the name alone, for a routine with its arguments, and the other way round. Those
    with other arguments are other routines."""
    if key[0] != "routine":
        return []
    here = len(key)
    return [other for other in known if other[:_NAMED] == key[:_NAMED] and len(other) != here]
