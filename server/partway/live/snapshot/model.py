"""`Snapshot`: what a catalog said of the things that a migration names, as a value. Nothing here asks a database."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from partway.core.postcondition import Name, Postcondition
from partway.dialects import dialect_named
from partway.dialects.dialect import Version

_NOTHING: Mapping[str, str | None] = MappingProxyType({})


class Thing(NamedTuple):
    """One thing in the catalog, in the words of postconditions.

    `name` has its schema where it lives in one; `table` is the table (for a constraint also the domain) that it is in.
    `attributes` are named like a postcondition's; a value of None could not be read.
    """

    object: str
    name: Name
    table: Name | None = None
    attributes: Mapping[str, str | None] = _NOTHING


class _Said(NamedTuple):
    dialect: str
    server: Version
    database: str
    #: The schemas in which a name without one is looked for, in order; new things are made in the first.
    path: tuple[str, ...]
    things: tuple[Thing, ...] = ()
    #: Facts of other kinds: whether the catalog has what the postcondition names, asked one by one.
    answers: Mapping[Postcondition, bool] = MappingProxyType({})
    #: Kinds of things that could not be read, and why.
    unseen: Mapping[str, str] = MappingProxyType({})
    #: Why things may be there of which the server says nothing, as MySQL does to accounts without rights; else empty.
    hidden: str = ""
    #: Tables that another session has locked: it may be changing them, and nobody sees that before it commits.
    locked: tuple[Name, ...] = ()
    #: Whether tables' names that differ in case are different, as MySQL has it on most systems.
    exact_tables: bool = True
    round_trips: int = 0


class Snapshot(_Said):
    """See the fields; look-ups are by the name that the server stores."""

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str], Thing]:
        return {
            (self.space(thing.object), self.table_key(thing.name.schema or ""), self._key_in(thing)): thing
            for thing in self.things
            if thing.table is None or self.space(thing.object) == "relation"
        }

    @cached_property
    def _inside(self) -> dict[tuple[str, str, str], list[Thing]]:
        found: dict[tuple[str, str, str], list[Thing]] = {}
        for thing in self.things:
            if thing.table is not None:
                key = (
                    thing.object,
                    self.table_key(thing.table.schema or ""),
                    self.table_key(thing.table.name),
                )
                found.setdefault(key, []).append(thing)
        return found

    def space(self, object_: str) -> str:
        """The space that names of this kind share: a view cannot be called like a table."""
        return dialect_named(self.dialect).namespaces.get(object_, _SPACES.get(object_, object_))

    def key(self, name: str) -> str:
        """What two names of one thing inside a table have in common."""
        return dialect_named(self.dialect).key(name)

    def table_key(self, name: str) -> str:
        """What two names of one table have in common."""
        return name if self.exact_tables else name.lower()

    def _key_in(self, thing: Thing) -> str:
        return (
            self.table_key(thing.name.name)
            if self.space(thing.object) == "relation"
            else self.key(thing.name.name)
        )

    def named(self, object_: str, name: Name, made: bool = False) -> Thing | None:
        """What has this name, in the space of such things: perhaps another kind of thing. A name without a schema is
        looked for along the path; with `made` only where new things are made."""
        space = self.space(object_)
        own = self.table_key(name.name) if space == "relation" else self.key(name.name)
        schemas = (name.schema,) if name.schema else self.path[:1] if made else self.path
        for schema in schemas:
            thing = self._by_name.get((space, self.table_key(schema), own))
            if thing is not None:
                return thing
        return self._by_name.get((space, "", own))

    def inside(self, table: Name, object_: str) -> list[Thing]:
        """The things of this kind in a table, which is named with its schema."""
        return self._inside.get((object_, self.table_key(table.schema or ""), self.table_key(table.name)), [])

    def member(self, table: Name, object_: str, name: str) -> Thing | None:
        """The thing of this kind and name in a table."""
        key = self.key(name) if object_ != "column" else self.key(name).lower()
        for thing in self.inside(table, object_):
            if (
                self.key(thing.name.name) if object_ != "column" else self.key(thing.name.name).lower()
            ) == key:
                return thing
        return None


_SPACES = {
    "type": "type",
    "domain": "type",
    "function": "routine",
    "procedure": "routine",
    "aggregate": "routine",
    "routine": "routine",
}
