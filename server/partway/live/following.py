"""Names that nobody writes: what follows when a table is renamed, and which thing is meant by no name. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition

if TYPE_CHECKING:
    from partway.live.simulation import Key, World

#: Names that are longer are made in other ways by some versions.
_LONGEST = 62


def named_key(world: World, fact: Postcondition) -> Key:
    """The thing that a fact without a name says more about: the one of its table that is known to be like this."""
    if fact.object == "constraint" and not fact.name.name and fact.table is not None:
        said = {pair for pair in fact.attributes if pair[0] in ("kind", "references")}
        alike = [key for key, one in world.inside(fact.table) if said <= set(one.fact.attributes)]
        if len(alike) == 1 and said:
            return alike[0]
    return world.key(fact)


def follow(world: World, action: Action) -> None:
    """Rename the indexes of a table, as Rails does, that are named after what this action has renamed."""
    old, new = action.postconditions[:2]
    table = new.table or new.name
    for key, entry in list(world.entries.items()):
        fact = entry.fact
        if fact.object != "index" or not fact.present or fact.table is None:
            continue
        if world.table_key(fact.table) != world.table_key(table):
            continue
        columns = [one.strip() for one in dict(fact.attributes).get("columns", "").split(",")]
        if new.table is not None and new.name.name not in columns:
            continue
        before = [old.name.name if one == new.name.name else one for one in columns]
        was = _name(table, before) if new.table is not None else _name(old.name, columns)
        if fact.name.name != was:
            continue
        del world.entries[key]
        called = _name(table, columns)
        if len(called.encode()) <= _LONGEST:
            moved: Postcondition = fact._replace(name=Name(called, fact.name.schema))
            world.entries[world.key(moved)] = entry._replace(fact=moved)


def _name(table: Name, columns: list[str]) -> str:
    return f"index_{table.name}_on_{'_and_'.join(columns)}"
