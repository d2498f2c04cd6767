"""What tells things apart on a dialect, and which of them belong together. Pure."""

from __future__ import annotations

from partway.core.postcondition import SAYINGS, Name, Postcondition
from partway.dialects.dialect import Dialect
from partway.live.entries import COMPANIONS, DEFINED, HOMELESS, NAMELESS, ON_ALL, OWNED, REFERRING, Group, Key
from partway.live.mentions import is_companion, on_all
from partway.live.renaming import TEXTS
from partway.live.routines import signature


class Keys:
    """The keys and groups of facts."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._names: dict[Name, tuple[str, str]] = {}

    def key(self, fact: Postcondition) -> Key:
        """The thing a fact is about, the same for every spelling of its name."""
        dialect = self.dialect
        space = dialect.namespaces.get(fact.object, fact.object)
        own = dialect.key(self._said_of(fact) if fact.object in SAYINGS else fact.name.name)
        own = own.lower() if fact.object == "column" else own
        types = signature(fact, dialect)
        if types is not None:
            return (space, *self._named(fact.name), types)
        if fact.object == "trigger" and not dialect.triggers_in_table:
            # Some are named without their table when they are dropped; there the name is enough.
            schema = (fact.table or fact.name).schema
            return (space, *self._named(Name(fact.name.name, fact.name.schema or schema)))
        if fact.table is None or (fact.object == "index" and not dialect.indexes_in_table and own):
            return (space, *self._named(Name(own, fact.name.schema)))
        primary = (
            "kind",
            "primary key",
        ) in fact.attributes  # a table has one, and on MySQL it has no other name
        if not own or (primary and dialect.indexes_in_table):
            own = "primary key" if primary else repr(sorted(fact.attributes))
        return (space, *self._named(fact.table), own)

    def _said_of(self, fact: Postcondition) -> str:
        """The name of what is said of a thing, whether or not the schema stands before it where things are made."""
        said = dict(fact.attributes)
        own, schema = said.get("name", ""), said.get("schema", "")
        if not schema or self.dialect.key(schema) != self.dialect.key(self.dialect.default_schema):
            return fact.name.name
        return fact.name.name.replace(f"{said.get('of')} {schema}.{own}", f"{said.get('of')} {own}")

    def groups_of(self, fact: Postcondition) -> list[Group]:
        """The groups that a fact is in."""
        said = {name for name, _ in fact.attributes}
        groups: list[Group] = []
        if fact.table is not None:
            groups.append(self._named(fact.table))
            if not fact.name.name:
                groups.append(NAMELESS)
        elif fact.object == "index":
            groups.append(HOMELESS)
        if "owned-by" in said:
            groups.append(OWNED)
        if "references" in said:
            groups.append(REFERRING)
        if not said.isdisjoint(TEXTS):
            groups.append(DEFINED)
        if is_companion(fact):
            groups.append(COMPANIONS)
            if on_all(fact):
                groups.append(ON_ALL)
        return groups

    def table_key(self, table: Name) -> Key:
        """The key of a table."""
        return (self.dialect.namespaces.get("table", "table"), *self._named(table))

    def _named(self, name: Name) -> tuple[str, str]:
        found = self._names.get(name)
        if found is None:
            schema = name.schema or self.dialect.default_schema
            found = self._names[name] = (self.dialect.key(schema), self.dialect.key(name.name))
        return found
