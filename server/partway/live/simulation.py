"""What a run of operations leaves behind, later ones overriding earlier ones, and what was there before. Pure."""

from __future__ import annotations

import re

from partway.core.operation import NAMES_FOLLOW, Action, Operation
from partway.core.postcondition import SAYINGS, Name, Postcondition, absent, exists
from partway.dialects.dialect import Dialect
from partway.live.entries import (
    COMPANIONS,
    REFERRING,
    Entries,
    Entry,
    Key,
)
from partway.live.following import (
    counted,
    follow,
    forget_all_of_them,
    forget_dropped,
    forget_homeless,
    forget_lists,
    forget_nameless,
    forget_number,
    forget_options,
    forget_privileges,
    forget_published,
    forget_rights,
    forget_settings,
    forget_triggers,
    is_index_of,
    leave_index,
    named_key,
    say_parted,
    say_whole,
)
from partway.live.keys import Keys
from partway.live.mentions import goes_with, may_go_with, mentions, on_all, unsaid
from partway.live.renaming import (
    column_renamed,
    forget_definitions,
    owner_renamed,
    references_renamed,
    sequence_renamed,
    type_renamed,
)
from partway.live.routines import others_of_name, signature
from partway.live.wanted import RELATIONS, ROUTINES
from partway.sql.accounts import everything_of

#: Kinds that make a thing out of another one, so that not all of it is said.
HALF_SAID = frozenset({"as-select", "partition", "like", "temporary"})


class World(Keys):
    """What is known after some operations, starting from nothing."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__(dialect)
        self.entries = Entries(self.groups_of)
        #: All columns of the tables that were made from scratch, by the table's key.
        self.closed: dict[Key, list[str]] = {}
        self.temporary: set[Key] = set()
        #: Whether a constraint was taken away or renamed, whose name another one may get.
        self.constraints_went = False

    def copy(self) -> World:
        """The same world, for this one to go on."""
        world = World(self.dialect)
        world.entries = Entries(world.groups_of, self.entries)
        world.closed = {table: list(columns) for table, columns in self.closed.items()}
        world.temporary = set(self.temporary)
        world.constraints_went = self.constraints_went
        world._names = self._names
        return world

    def apply(self, operation: Operation) -> None:
        """Run one operation."""
        for action in operation.actions:
            self._apply(action)

    def _apply(self, action: Action) -> None:
        facts = action.postconditions
        if action.of_session:
            for fact in facts[:1]:
                self.temporary.add(self.key(fact))
            return
        if action.kind.startswith("rename-") and len(facts) >= 2 and not facts[0].present:
            self._rename(facts[0], facts[1])
            if NAMES_FOLLOW in action.traits:
                follow(self, action)
            facts = facts[2:]
        elif action.kind == "set-schema" and len(facts) == 2:
            self._rename(facts[0], facts[1])
            facts = ()
        forget_all_of_them(self, action)
        forget_triggers(self, facts)
        forget_published(self, action)
        if any(map(on_all, facts)):
            forget_rights(self, action)
        if not facts:
            forget_dropped(self, action)
            forget_rights(self, action)
            forget_settings(self, action)
            forget_options(self, action)
        if action.kind == "set-partitioning":
            say_parted(self, action.target)
        if action.kind.endswith("-attribute"):
            self._attributes_apart(action)
        if "using-index" in action.traits:
            facts = tuple(self._took_index(fact) for fact in facts)
        if action.words:
            hints = self.dialect.types_are_hints and not action.only_says
            facts = tuple(unsaid(fact, hints) for fact in facts)
        facts = tuple(fact for fact in facts if not self._is_temporary_dropped(fact))
        weak = action.only_says
        redefines = weak and "definition" in action.traits
        for fact in facts:
            if fact.table is not None and self.table_key(fact.table) in self.temporary:
                continue
            if redefines:
                self._redefine(fact)
            elif weak:
                self._merge(fact)
            elif fact.present:
                self._set(fact)
            else:
                self._drop(fact)
        if (
            action.kind in ("create-table", "create-foreign-table")
            and facts
            and not action.traits & HALF_SAID
        ):
            columns = [fact.name.name for fact in facts if fact.object == "column"]
            if columns and not action.words:
                say_whole(self, facts[0])
            if columns:
                self.closed[self.table_key(facts[0].name)] = columns

    def _is_temporary_dropped(self, fact: Postcondition) -> bool:
        if fact.present or fact.table is not None or self.key(fact) not in self.temporary:
            return False
        self.temporary.discard(self.key(fact))
        return True

    def _took_index(self, fact: Postcondition) -> Postcondition:
        """A constraint made of an index, which is called like the constraint from then on."""
        said = dict(fact.attributes)
        index = said.pop("index", "")
        if index and fact.table is not None:
            old = absent("index", Name(index, fact.table.schema), fact.table)
            known = self.entries.take(self.key(old))
            if index != fact.name.name:
                self.entries[self.key(old)] = Entry(old)
                if known is not None and known.fact.present:
                    moved = known.fact._replace(name=Name(fact.name.name, known.fact.name.schema))
                    self.entries[self.key(moved)] = Entry(moved, known.full)
            elif known is not None:
                self.entries[self.key(old)] = known
        return fact._replace(attributes=tuple(said.items()))

    def _attributes_apart(self, action: Action) -> None:
        """A composite type whose attributes change: its shape is no longer the one that it was made with."""
        type_ = next((fact.table for fact in action.postconditions), None)
        key = self.key(exists("type", type_ or Name(action.target.rpartition(".")[0])))
        known = self.entries.get(key)
        if known is not None:
            said = tuple(pair for pair in known.fact.attributes if pair[0] != "attributes")
            self.entries[key] = Entry(known.fact._replace(attributes=said), known.full)

    def _values_apart(self, type_: Name) -> None:
        """An enum whose values change: each is known by itself from then on, for their order is not."""
        key = self.key(exists("type", type_))
        known = self.entries.get(key)
        said = dict(known.fact.attributes) if known is not None else {}
        values = said.pop("values", "")
        if known is not None and values:
            self.entries[key] = Entry(known.fact._replace(attributes=tuple(said.items())), known.full)
            for value in re.findall(r"'((?:[^']|'')*)'", values):
                fact = exists("enum-value", Name(value.replace("''", "'")), type_)
                self.entries[self.key(fact)] = Entry(fact)

    def _set(self, fact: Postcondition) -> None:
        if fact.object == "enum-value" and fact.table is not None:
            self._values_apart(fact.table)
        if fact.object == "constraint" and self.dialect.indexes_in_table:
            index = self.key(absent("index", fact.name, fact.table))
            known = self.entries.get(index)
            if known is not None and not known.fact.present:
                del self.entries[index]  # the engine may make one of that name for it
        if (
            fact.object == "constraint"
            and not fact.name.name
            and fact.table is not None
            and self.constraints_went
        ):
            for key, entry in self.inside(fact.table):
                if entry.fact.object == "constraint" and not entry.fact.present:
                    del self.entries[key]  # the engine may give this one the name of that which is gone
        self._forget_namesakes(fact)
        if fact.object == "privilege":
            account = dict(fact.attributes).get("account", "")
            self.entries.take(self.key(absent("privilege", everything_of(account))))
        if fact.object == "partition" and fact.table is not None:
            forget_number(self, fact.table)
        self.entries[self.key(fact)] = Entry(fact)
        if fact.object == "column" and fact.table is not None:
            closed = self.closed.get(self.table_key(fact.table))
            if closed is not None and fact.name.name not in closed:
                closed.append(fact.name.name)

    def _redefine(self, fact: Postcondition) -> None:
        """MODIFY and CHANGE say all of a column: what they leave out is as if it had never been said."""
        self.entries[self.key(fact)] = Entry(fact, full=False)
        for key, entry in self.inside(fact.table) if fact.table is not None else ():
            # MariaDB takes a check without a name for a part of its column.
            if (
                entry.fact.object == "constraint"
                and not entry.fact.name.name
                and ("kind", "check") in entry.fact.attributes
                and mentions(entry.fact, fact.name.name)
            ):
                del self.entries[key]

    def _merge(self, fact: Postcondition) -> None:
        """Something more about a thing: what was said of the same attributes before counts no more."""
        now = dict(fact.attributes)
        if "partitioned" in now:
            for inside, entry in self.inside(fact.name):
                if entry.fact.object == "partition":
                    del self.entries[inside]
        forget_lists(self, fact)
        key = named_key(self, fact)
        known = self.entries.get(key)
        if known is None or not known.fact.present or not fact.present or fact.object in SAYINGS:
            if not fact.present:
                self._forget_joined(fact)
            self.entries[key] = Entry(fact, full=False)
            return
        before = dict(known.fact.attributes)
        said = before | now
        if fact.object == "column" and not fact.attributes:
            said = {}  # what it is from then on, nobody could read
        if now.get("partitioned") == "no":
            said = {name: value for name, value in said.items() if not name.startswith("partition")} | now
        if "partitions" in now:
            said["partitions"] = counted(before.get("partitions", ""), now["partitions"])
        forget_privileges(said, dict(fact.attributes))
        if fact.object == "table" and {"charset", "collation"} & dict(fact.attributes).keys():
            for name in {"charset", "collation"} - dict(fact.attributes).keys():
                said.pop(name, None)  # the one makes the other its own
        if "type" in dict(fact.attributes) and "default" not in dict(fact.attributes):
            said.pop("default", None)  # cast along with the column
        self.entries[key] = Entry(known.fact._replace(attributes=tuple(said.items())), known.full)

    def _drop(self, fact: Postcondition) -> None:
        key = self.key(fact)
        kind = next((value for name, value in fact.attributes if name == "kind"), "")
        known = self.entries.get(key)
        if known is None:
            forget_nameless(self, fact)
        forget_homeless(self, fact)
        self.constraints_went = self.constraints_went or fact.object == "constraint"
        if fact.object in ("constraint", "index") and fact.table is not None:
            # A primary key goes without being named; on MySQL a unique constraint goes as an index.
            for other, entry in self.inside(fact.table):
                of_kind = kind == "primary key" and ("kind", kind) in entry.fact.attributes
                of_name = (
                    bool(fact.name.name)
                    and entry.fact.object in ("constraint", "index")
                    and self.dialect.key(entry.fact.name.name) == self.dialect.key(fact.name.name)
                )
                unique = known is None and is_index_of(self, entry.fact, fact)
                if of_kind or of_name or unique:
                    del self.entries[other]
        self._forget_namesakes(fact)
        self.entries[key] = Entry(fact)
        if known is not None and self.dialect.indexes_in_table:
            leave_index(self, known)
        if fact.object == "column" and fact.table is not None:
            self._column_gone(fact.table, fact.name.name)
        if fact.object in RELATIONS | {"type", "schema"}:
            self._forget_inside(fact.name)
            self.closed.pop(self.table_key(fact.name), None)
        self._forget_joined(fact)

    def _forget_namesakes(self, fact: Postcondition) -> None:
        """What was said of routines by their name alone is not so once one of them comes or goes; nor, by their
        arguments, once the name goes."""
        if fact.object in ROUTINES and self.dialect.routines_overload:
            for key in others_of_name(self.key(fact), self.entries):
                del self.entries[key]

    def _forget_joined(self, gone: Postcondition) -> None:
        for key, entry in self.entries.group(COMPANIONS):
            if goes_with(entry.fact, gone):
                del self.entries[key]

    def _column_gone(self, table: Name, column: str) -> None:
        closed = self.closed.get(self.table_key(table))
        if closed is not None:
            self.closed[self.table_key(table)] = [one for one in closed if one.lower() != column.lower()]
        owner_renamed(self, f"{table.name}.{column}", "")
        for key, entry in self.inside(table):
            if entry.fact.present and may_go_with(entry.fact, column):
                del self.entries[key]

    def _forget_inside(self, table: Name) -> None:
        """What was in a table is gone with it; an index of that name may be made elsewhere since."""
        owner_renamed(self, f"{table.name}.", "")
        for key, entry in self.inside(table):
            if entry.fact.present and entry.fact.object == "index" and entry.fact.name.name:
                self.entries[key] = Entry(absent("index", entry.fact.name, entry.fact.table))
            else:
                del self.entries[key]
        for key, entry in self.entries.group(REFERRING):
            # A foreign key may go with the table it refers to.
            refers = next((value for name, value in entry.fact.attributes if name == "references"), "")
            target = refers.partition(" (")[0].rpartition(".")[2]
            if refers and self.dialect.key(target) == self.dialect.key(table.name):
                del self.entries[key]

    def inside(self, table: Name) -> list[tuple[Key, Entry]]:
        """What is known of what is in a table, or in another thing that things can be in."""
        return self.entries.group(self._named(table))

    def _rename(self, old: Postcondition, new: Postcondition) -> None:
        """Move what is known of a thing, and of all that is in it, to its new name."""
        if old.object == "enum-value" and old.table is not None:
            self._values_apart(old.table)
        old, new = self._with_arguments(old, new)
        key = self.key(old)
        known = self.entries.take(key)
        self._forget_namesakes(old)
        self._forget_namesakes(new)
        if known is None:
            forget_nameless(self, old)
        self.entries[key] = Entry(old)
        self.constraints_went = self.constraints_went or old.object == "constraint"
        moved = new
        full = True
        if known is not None and known.fact.present:
            said = dict(known.fact.attributes) | dict(new.attributes)
            moved, full = new._replace(attributes=tuple(said.items())), known.full
        if old.object == "index" and known is not None and known.fact.table is not None:
            moved = moved._replace(table=known.fact.table)
        if old.object == "column" and old.table is not None:
            column_renamed(self, old.table, old.name.name, new.name.name)
        elif old.table is None:
            for inside_key, entry in self.inside(old.name):
                del self.entries[inside_key]
                fact = entry.fact._replace(table=new.name)
                if (
                    fact.object == "index"
                    and not self.dialect.indexes_in_table
                    and fact.name.schema != new.name.schema
                ):
                    fact = fact._replace(name=Name(fact.name.name, new.name.schema))
                self.entries[self.key(fact)] = Entry(fact, entry.full)
            closed = self.closed.pop(self.table_key(old.name), None)
            if closed is not None:
                self.closed[self.table_key(new.name)] = closed
            references_renamed(self, old.name, new.name)
            if old.object == "sequence":
                sequence_renamed(self, old.name, new.name)
            if old.object in ("type", "domain"):
                type_renamed(self, old.name.name, new.name.name)
        self.entries[self.key(moved)] = Entry(moved, full)
        self._forget_joined(old)
        forget_definitions(self, old.name.name, everywhere=old.object in ROUTINES | {"sequence"})

    def _with_arguments(self, old: Postcondition, new: Postcondition) -> tuple[Postcondition, Postcondition]:
        """A routine that is renamed by its name alone, with the arguments of the one that is known."""
        if old.object not in ROUTINES or not self.dialect.routines_overload:
            return old, new
        meant = [self.entries[key].fact for key in others_of_name(self.key(old), self.entries)]
        there = [one for one in meant if one.present and signature(one, self.dialect) is not None]
        if signature(old, self.dialect) is not None or len(there) != 1:
            return old, new
        said = tuple(pair for pair in there[0].attributes if pair[0] == "arguments")
        return old._replace(attributes=said), new._replace(attributes=said)
