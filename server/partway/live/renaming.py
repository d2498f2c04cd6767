"""What speaks of a table, a column or a type by its name, when that is another one from now on. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from partway.core.postcondition import Name
from partway.live.entries import DEFINED, OWNED, REFERRING
from partway.live.mentions import WORD, mentions, replaced

if TYPE_CHECKING:
    from partway.live.simulation import World


#: A thing's own texts, which may speak of any other.
TEXTS = ("definition", "using", "check")
#: What else may speak of a sequence or a routine.
_EXPRESSIONS = ("default", "expression", "generated", "predicate")


def forget_definitions(world: World, name: str, *, everywhere: bool = False) -> None:
    """Views and triggers that speak of what is renamed: some engines write them anew, in their own way. What speaks of
    a routine or a sequence may be a default as well, or any expression."""
    word = re.compile(WORD.format(re.escape(name)), re.IGNORECASE)
    names = (*TEXTS, *_EXPRESSIONS) if everywhere else TEXTS
    for key, entry in list(world.entries.items()) if everywhere else world.entries.group(DEFINED):
        said = dict(entry.fact.attributes)
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
    """Foreign keys to a table that has another name now, and sequences of its columns."""
    owner_renamed(world, f"{old.name}.", f"{new.name}.")
    for key, entry in world.entries.group(REFERRING):
        said = dict(entry.fact.attributes)
        refers = said.get("references", "")
        target, _, columns = refers.partition(" (")
        if refers and world.dialect.key(target.rpartition(".")[2]) == world.dialect.key(old.name):
            said["references"] = f"{new}" + (f" ({columns}" if columns else "")
            world.entries[key] = entry._replace(fact=entry.fact._replace(attributes=tuple(said.items())))


def sequence_renamed(world: World, old: Name, new: Name) -> None:
    """Columns whose numbers come from a sequence that has another name now."""
    for key, entry in list(world.entries.items()):
        said = dict(entry.fact.attributes)
        if "nextval" in said.get("default", "").lower() and re.search(
            WORD.format(re.escape(old.name)), said["default"]
        ):
            said["default"] = replaced(said["default"], old.name, new.name)
            world.entries[key] = entry._replace(fact=entry.fact._replace(attributes=tuple(said.items())))


def owner_renamed(world: World, old: str, new: str) -> None:
    """Sequences that belong to a column, or to one of a table, which has another name now: the names are `table.` or
    `table.column`; without a new one it is gone, and they with it."""
    for key, entry in world.entries.group(OWNED):
        said = dict(entry.fact.attributes)
        owner = said.get("owned-by", "")
        if owner.startswith(old) and (old.endswith(".") or owner == old):
            if new:
                said["owned-by"] = new + owner[len(old) :]
                world.entries[key] = entry._replace(fact=entry.fact._replace(attributes=tuple(said.items())))
            else:
                del world.entries[key]


#: What of a thing's attributes speaks of columns.
_SPEAKING = ("columns", "leading", "keys", "expression", "predicate", "definition", "using", "check")


def column_renamed(world: World, table: Name, old: str, new: str) -> None:
    """What is on a column that has another name now."""
    closed = world.closed.get(world.table_key(table))
    if closed is not None:
        world.closed[world.table_key(table)] = [new if one.lower() == old.lower() else one for one in closed]
    owner_renamed(world, f"{table.name}.{old}", f"{table.name}.{new}")
    for key, entry in world.inside(table):
        said = dict(entry.fact.attributes)
        if entry.fact.object == "column" or not mentions(entry.fact, old):
            continue
        for name in _SPEAKING:
            if name in said:
                said[name] = replaced(said[name], old, new)
        fact = entry.fact._replace(attributes=tuple(said.items()))
        del world.entries[key]
        world.entries[world.key(fact)] = entry._replace(fact=fact)
