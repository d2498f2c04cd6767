"""What speaks of a table, a column or a type by its name, when that is another one from now on. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from partway.core.postcondition import Name
from partway.live.mentions import WORD, mentions, replaced

if TYPE_CHECKING:
    from partway.live.simulation import World


#: What else may speak of a sequence or a routine.
_EXPRESSIONS = ("default", "expression", "generated", "predicate")


def forget_definitions(world: World, name: str, *, everywhere: bool = False) -> None:
    """Views and triggers that speak of what is renamed: some engines write them anew, in their own way. What speaks of
    a routine or a sequence may be a default as well, or any expression."""
    word = re.compile(WORD.format(re.escape(name)), re.IGNORECASE)
    for key, entry in list(world.entries.items()):
        said = dict(entry.fact.attributes)
        names = ("definition", *_EXPRESSIONS) if everywhere else ("definition",)
        anew = [one for one in names if word.search(said.get(one, ""))]
        for one in anew:
            del said[one]
        if anew:
            world.entries[key] = entry._replace(fact=entry.fact._replace(attributes=tuple(said.items())))


def type_renamed(world: World, old: str, new: str) -> None:
    """Columns of a type that has another name now."""
    for key, entry in list(world.entries.items()):
        said = dict(entry.fact.attributes)
        if "type" in said and re.search(WORD.format(re.escape(old)), said["type"]):
            said["type"] = replaced(said["type"], old, new)
            world.entries[key] = entry._replace(fact=entry.fact._replace(attributes=tuple(said.items())))


def references_renamed(world: World, old: Name, new: Name) -> None:
    """Foreign keys to a table that has another name now."""
    for key, entry in list(world.entries.items()):
        said = dict(entry.fact.attributes)
        refers = said.get("references", "")
        target, _, columns = refers.partition(" (")
        if refers and world.dialect.key(target.rpartition(".")[2]) == world.dialect.key(old.name):
            said["references"] = f"{new}" + (f" ({columns}" if columns else "")
            world.entries[key] = entry._replace(fact=entry.fact._replace(attributes=tuple(said.items())))


def column_renamed(world: World, table: Name, old: str, new: str) -> None:
    """What is on a column that has another name now."""
    closed = world.closed.get(world.table_key(table))
    if closed is not None:
        world.closed[world.table_key(table)] = [new if one.lower() == old.lower() else one for one in closed]
    for key, entry in world.inside(table):
        said = dict(entry.fact.attributes)
        if entry.fact.object == "column" or not mentions(entry.fact, old):
            continue
        for name in ("columns", "leading", "keys", "expression", "predicate", "definition"):
            if name in said:
                said[name] = replaced(said[name], old, new)
        fact = entry.fact._replace(attributes=tuple(said.items()))
        del world.entries[key]
        world.entries[world.key(fact)] = entry._replace(fact=fact)
