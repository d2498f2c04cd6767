"""Names that nobody writes: what follows when a table is renamed, and which thing is meant by no name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition, exists
from partway.live.entries import COMPANIONS, HOMELESS, NAMELESS, ON_ALL, Entry, Key
from partway.live.mentions import is_like, on_all
from partway.live.wanted import RELATIONS, ROUTINES
from partway.sql.sayings import Subject
from partway.sql.table_said import SAID_OF_TABLES

if TYPE_CHECKING:
    from partway.live.simulation import World

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


def leave_index(world: World, gone: Entry) -> None:
    """MySQL gives a foreign key an index if it finds none, and leaves it there when the key goes."""
    fact, said = gone.fact, dict(gone.fact.attributes)
    if fact.present and said.get("kind") == "foreign key" and said.get("columns") and fact.table is not None:
        index = exists("index", Name(""), fact.table, (("leading", said["columns"]),))
        world.entries[world.key(index)] = gone._replace(fact=index, full=False)


def forget_nameless(world: World, went: Postcondition) -> None:
    """A name went, or is another's from now on, that nobody gave: it was that of something nameless. Which one's, the
    engine knows; an index is often called without its table."""
    if went.name.name and (
        went.object == "index" or (went.object == "constraint" and went.table is not None)
    ):
        entries = world.inside(went.table) if went.table is not None else world.entries.group(NAMELESS)
        for key, entry in entries:
            fact = entry.fact
            if fact.object == went.object and fact.table is not None and not fact.name.name:
                del world.entries[key]


def forget_homeless(world: World, gone: Postcondition) -> None:
    """An index of which no more is known than how it was renamed goes with what it may have been in: a table, a column,
    a constraint of its name."""
    if gone.object not in ("table", "column", "constraint"):
        return
    for key, entry in world.entries.group(HOMELESS):
        fact = entry.fact
        named = gone.object != "constraint" or fact.name.name == gone.name.name
        if fact.present and named:
            del world.entries[key]


def forget_dropped(world: World, action: Action) -> None:
    """What is dropped by a name that nobody knows may be any constraint or index of its table."""
    table, _, name = action.target.rpartition(".")
    if name != "?" or not table or action.kind not in ("drop-constraint", "drop-index"):
        return
    schema, _, name = table.rpartition(".")
    for key, entry in world.inside(Name(name, schema or None)):
        if entry.fact.object in ("constraint", "index"):
            del world.entries[key]


def forget_privileges(said: dict[str, str], now: dict[str, str]) -> None:
    """What was granted on a table is not so any more where some of it is revoked since, and the other way round."""
    for one, other in (("privileges", "no-privileges"), ("no-privileges", "privileges")):
        if one in now and other in said:
            before, _, whose = said[other].partition(" to ")
            words, _, of = now[one].partition(" to ")
            left = {word.strip() for word in before.split(",")} - {word.strip() for word in words.split(",")}
            if whose == of and left and "all" not in (before.strip(), words.strip()):
                said[other] = f"{', '.join(sorted(left))} to {whose}"
            elif set(whose.split(",")) & set(of.split(",")):
                del said[other]


def counted(before: str, now: str) -> str:
    """How many there are, where it is known how many there were."""
    return str(int(before) + int(now)) if before.isdigit() and now[:1] in "+-" else now


def forget_number(world: World, table: Name) -> None:
    """A table whose partitions have names is no longer what was said of it when they had none."""
    key = world.table_key(table)
    known = world.entries.get(key)
    said = () if known is None else tuple(pair for pair in known.fact.attributes if pair[0] not in _PARTED)
    if known is None or said == known.fact.attributes:
        return
    if said or known.full:
        world.entries[key] = known._replace(fact=known.fact._replace(attributes=said))
    else:
        del world.entries[key]


_PARTED = frozenset({"partitioned", "partition-by", "partitions"})


def may_be_called(world: World, made: Postcondition, named: Postcondition) -> bool:
    """Whether the engine may have given what was made without a name this one; an index is often called without its
    table. MySQL calls an index by its first column."""
    if made.object != named.object or made.name.name or not named.name.name or not made.present:
        return False
    if made.table is None or (
        named.table is not None and world.table_key(made.table) != world.table_key(named.table)
    ):
        return False
    if not world.dialect.indexes_in_table or made.object != "index":
        return True
    first = re.escape(dict(made.attributes).get("columns", "").partition(",")[0])
    return not first or re.fullmatch(rf"{first}(_\d+)?", named.name.name, re.IGNORECASE) is not None


def forget_rights(world: World, action: Action) -> None:
    """What could not be read of privileges or owners may have changed any of them: ALL TABLES IN SCHEMA, DROP OWNED."""
    if action.kind not in ("grant", "revoke", "drop-owned", "reassign-owned"):
        return
    for key, entry in list(world.entries.items()):
        if on_all(entry.fact) and any(map(on_all, action.postconditions)):
            continue  # of another privilege, kind or role
        if entry.fact.object in ("access", "membership", "ownership", "default-access", "privilege"):
            del world.entries[key]
            continue
        said = tuple(pair for pair in entry.fact.attributes if pair[0] not in _RIGHTS)
        if said != entry.fact.attributes:
            if not said and not entry.full:
                del world.entries[key]
            else:
                world.entries[key] = entry._replace(fact=entry.fact._replace(attributes=said))


#: How the kinds begin by which one thing of a kind comes, goes, or is another one's than it was.
_ONE_OF_THEM = ("create-", "drop-", "rename-", "set-schema", "set-owner", "grant", "revoke")
#: What may do so unseen.
_ANYTHING = frozenset({"opaque", "do", "execute", "call", "select"})


def forget_all_of_them(world: World, action: Action) -> None:
    """What was said of all tables in a schema is not so any more where another one is made, or a privilege on one of
    them is taken away."""
    facts = action.postconditions
    known = world.entries.group(ON_ALL)
    if not known:
        return
    touches = action.kind.startswith(_ONE_OF_THEM) and any(
        fact.object in RELATIONS | ROUTINES or dict(fact.attributes).get("of") in RELATIONS | ROUTINES
        for fact in facts
    )
    if touches or action.kind in _ANYTHING:
        for key, _ in known:
            del world.entries[key]


def forget_triggers(world: World, facts: Iterable[Postcondition]) -> None:
    """All triggers of a table fire otherwise than was said of one of them, or one otherwise than was said of all."""
    for fact in facts:
        said = dict(fact.attributes)
        if said.get("key", "").startswith("triggers "):
            for key, entry in world.inside(Name(said["name"], said.get("schema"))):
                left = tuple(pair for pair in entry.fact.attributes if pair[0] != "fires")
                if entry.fact.object == "trigger" and left != entry.fact.attributes:
                    world.entries[key] = entry._replace(fact=entry.fact._replace(attributes=left))
        elif fact.object in ("trigger", "constraint") and fact.table is not None:
            whole = Subject("table", fact.table).said("setting", (), "triggers of")
            world.entries.take(world.key(whole))


def forget_published(world: World, action: Action) -> None:
    """A publication's tables are others from now on than was said of single ones, or than was said of all of them."""
    if action.kind != "alter-publication":
        return
    alone = all(fact.object == "published" for fact in action.postconditions)
    whole = any(("key", "tables") in fact.attributes for fact in action.postconditions)
    for key, entry in world.entries.group(COMPANIONS):
        said = dict(entry.fact.attributes)
        name = said.get("name") if entry.fact.object == "setting" else entry.fact.name.name
        one, all_ = entry.fact.object == "published", said.get("key") == "tables"
        unread = not action.postconditions
        if name == action.target and ((one and (whole or unread)) or (all_ and alone)):
            del world.entries[key]


def forget_settings(world: World, action: Action) -> None:
    """What could not be read of what is said of a thing may have changed any of it: ALTER ROLE name RESET ALL."""
    if not action.kind.startswith(("alter-", "set-")):
        return
    target = action.target.rpartition(".")[2]
    for key, entry in world.entries.group(COMPANIONS):
        # An ALTER USER may name several accounts.
        account = action.kind == "alter-role" and entry.fact.object.startswith("role-")
        if (
            account
            or is_like(entry.fact, action.kind.removeprefix("alter-"), action.target)
            or (
                entry.fact.object == "setting"
                and dict(entry.fact.attributes).get("name", "").partition(" using ")[0] == target
            )
        ):
            del world.entries[key]


def forget_options(world: World, action: Action) -> None:
    """An option of a table that could not be read may be any of those that it was made with."""
    if action.kind not in ("set-table-option", "set-charset", "convert-charset"):
        return
    schema, _, name = action.target.rpartition(".")
    key = world.table_key(Name(name, schema or None))
    known = world.entries.get(key)
    if known is not None and known.fact.object == "table" and world.dialect.indexes_in_table:
        said = tuple(pair for pair in known.fact.attributes if pair[0] not in SAID_OF_TABLES)
        world.entries[key] = known._replace(fact=known.fact._replace(attributes=said))


def forget_lists(world: World, fact: Postcondition) -> None:
    """A whole list takes the place of what was said of single members of it, and the other way round: ALTER
    SUBSCRIPTION name SET PUBLICATION a, and ADD PUBLICATION b."""
    said = dict(fact.attributes)
    key = said.get("key", "")
    if fact.object != "setting" or not key.startswith("publication"):
        return
    for other, entry in world.entries.group(COMPANIONS):
        known = dict(entry.fact.attributes)
        whole = "publications" in (key, known.get("key")) and key != known.get("key")
        if (
            entry.fact.object == "setting"
            and whole
            and known.get("key", "").startswith("publication")
            and known.get("name") == said.get("name")
        ):
            del world.entries[other]


_RIGHTS = frozenset({"privileges", "no-privileges", "owner"})


def is_index_of(world: World, constraint: Postcondition, index: Postcondition) -> bool:
    """Whether a unique constraint without a name is what MySQL calls so: by its first column."""
    said = dict(constraint.attributes)
    first = re.escape(said.get("columns", "").partition(",")[0])
    return (
        world.dialect.indexes_in_table
        and index.object == "index"
        and not constraint.name.name
        and said.get("kind") == "unique"
        and re.fullmatch(rf"{first}(_\d+)?", index.name.name, re.IGNORECASE) is not None
    )


def follow(world: World, action: Action) -> None:
    """Rename the indexes of a table, as Rails does, that are named after what this action has renamed."""
    old, new = action.postconditions[:2]
    table = new.table or new.name
    for key, entry in world.inside(table):
        fact = entry.fact
        if fact.object != "index" or not fact.present:
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


#: What a text says of a table by leaving it out.
_OF_MYSQL = (("partitioned", "no"),)
_OF_SQLITE = (("strict", "no"), ("without-rowid", "no"), ("module", ""))


def say_whole(world: World, table: Postcondition) -> None:
    """A table of MySQL is parted only where its text says so, and so with what SQLite's can be."""
    known = world.entries.get(world.key(table))
    if known is not None:
        own = (
            _OF_MYSQL
            if world.dialect.indexes_in_table
            else _OF_SQLITE
            if world.dialect.types_are_hints
            else ()
        )
        said = dict((*own, *known.fact.attributes))
        fact = known.fact._replace(attributes=tuple(said.items()))
        world.entries[world.key(table)] = known._replace(fact=fact)


def say_parted(world: World, target: str) -> None:
    """A table that was whole is parted from now on, however that is said."""
    schema, _, name = target.rpartition(".")
    key = world.table_key(Name(name, schema or None))
    known = world.entries.get(key)
    if known is not None and _OF_MYSQL[0] in known.fact.attributes:
        said = {**dict(known.fact.attributes), "partitioned": "yes"}
        world.entries[key] = known._replace(fact=known.fact._replace(attributes=tuple(said.items())))
