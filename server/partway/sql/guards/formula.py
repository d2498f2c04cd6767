"""Conditions over the catalog that are more than one look: facts that hold together, in alternatives."""

from __future__ import annotations

from collections.abc import Sequence

from partway.core.postcondition import Postcondition
from partway.dialects.catalog import Catalog

#: Facts of which all must hold, in alternatives of which one is enough.
Alternatives = Sequence[Sequence[Postcondition]]


def not_yet(alternatives: Alternatives, catalog: Catalog, unit: str) -> list[str]:
    """The lines of a condition that is true where none of the alternatives holds: what has run shows nowhere. Each
    further line than the first is one that AND or OR begins, or that stands deeper. No lines for no alternative."""
    lines: list[str] = []
    for alternative in alternatives:
        looks = [_look(fact, catalog, unit, holds=False) for fact in alternative]
        if len(looks) > 1 and len(alternatives) > 1:
            inner = _joined("OR", looks)
            part = ["(", *(unit + line for line in inner), ")"]
        else:
            part = _joined("OR", looks)
        lines += part if not lines else [f"AND {part[0]}", *part[1:]]
    return lines


def all_hold(facts: Sequence[Postcondition], catalog: Catalog, unit: str) -> list[list[str]]:
    """The lines of a condition for each of these facts, true where it holds; one line where it is not too long."""
    found = []
    for fact in facts:
        lines = _look(fact, catalog, unit, holds=True)
        short = " ".join(line.strip() for line in lines).replace("( ", "(").replace(" )", ")")
        found.append([short] if len(short) <= _WIDEST else lines)
    return found


_WIDEST = 100


def _joined(word: str, parts: Sequence[list[str]]) -> list[str]:
    lines = list(parts[0])
    for part in parts[1:]:
        lines += [f"{word} {part[0]}", *part[1:]]
    return lines


def _look(fact: Postcondition, catalog: Catalog, unit: str, *, holds: bool) -> list[str]:
    """The lines of one look, which is true where the fact holds, or does not. Raises ValueError for a fact that the
    catalog cannot be asked about."""
    lookup = catalog.lookup(fact, found=True)
    if lookup is None:
        raise ValueError(f"{fact} cannot be looked up")
    word = "EXISTS (" if fact.present is holds else "NOT EXISTS ("
    return [word, *(unit + line for line in lookup.lines(unit)), ")"]
