"""What operations that have not run need, or would change: facts that hold before them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from partway.core.operation import Action, GuardForm, Operation
from partway.core.postcondition import SAYINGS, Name, Postcondition
from partway.live.entries import Key
from partway.live.following import counted, may_be_called
from partway.live.mentions import members, subject
from partway.live.routines import others_of_name
from partway.live.simulation import World
from partway.sql.accounts import everything_of


class Needed(NamedTuple):
    """A fact that operation `by` makes true, and that was not true before it. `soft`: it may have been all the same,
    since the operation is guarded or changes nothing where it holds. `weak`: it says what a thing is like that is
    there already."""

    fact: Postcondition
    by: int
    soft: bool
    weak: bool


#: Guards that take away what has the name.
REPLACING = frozenset({GuardForm.OR_REPLACE, GuardForm.DROP_FIRST})


def needed(world: World, operations: tuple[Operation, ...], first: int) -> Iterator[Needed]:
    """What was true before the operations from `first` on ran, as far as they say, given what is known of the world;
    worked out one by one, since the first that is not true answers most questions.

    Only the first of them that touches a thing counts, by the name that the thing has now.
    """
    return _Looking(world).look(operations, first)


class Anew(NamedTuple):
    """What operations take away and make again, perhaps just as it was; `there` are those that were there before, since
    nothing asks whether they were."""

    things: set[Key]
    there: set[Key]


def made_anew(world: World, operations: Iterable[Operation]) -> Anew:
    """What these operations take away, or give another name, and make again."""
    gone: dict[Key, bool] = {}
    found: set[Key] = set()
    for action in (
        action for operation in operations for action in operation.actions if not action.only_says
    ):
        for fact in action.postconditions:
            key = world.key(fact)
            if not fact.present:
                gone.setdefault(key, action.guard is None)
            elif key in gone:
                found.add(key)
    return Anew(found, {key for key in found if gone[key]})


def remade(world: World, operations: Iterable[Operation]) -> Iterator[Postcondition]:
    """What these operations take away first and make again, as they make it; without what is known of the world before
    them, and what cannot be told from another one of its name."""
    gone: set[Key] = set()
    seen: set[Key] = set(world.entries)
    for action in (one for operation in operations for one in operation.actions if not one.only_says):
        renames = action.kind.startswith("rename-") or action.kind == "set-schema"
        for fact in action.postconditions:
            key = world.key(fact)
            if key not in seen and not fact.present and not renames:
                gone.add(key)
            elif key in gone and fact.present:
                gone.discard(key)
                if not renames and _has_shape(fact):
                    yield fact
            seen.add(key)


def _has_shape(fact: Postcondition) -> bool:
    return fact.object != "constraint" or any(name != "kind" for name, _ in fact.attributes)


#: What one of two is said with: what is said first was not so, so that the other one was.
_EITHER = frozenset({"", "yes", "no"})
#: What things are like as long as nothing is said of them.
_UNSAID = frozenset(
    {
        ("fires", "O"),
        ("value", "O"),
        ("value", "default"),
        ("replica-identity", "default"),
        ("statistics", "-1"),
    }
    | {(name, null) for name in ("comment", "text") for null in ("null", "NULL")}
)


def _may_have_been(said: tuple[str, str]) -> bool:
    """Whether that may have been so before something else was said."""
    return said[1] in _EITHER or said in _UNSAID


class _Looking:
    def __init__(self, world: World) -> None:
        self.world = world
        self.found: list[Needed] = []
        #: What they touch, besides what is known of the world.
        self.touched: set[Key] = set()
        #: Tables that are not there yet, or not under this name: nothing can be said of what is in them.
        self.later: set[Key] = set()
        #: Whether a table goes, and indexes and triggers with it that nothing tells of.
        self.goes = False
        #: Tables that are seen by the session alone that makes them.
        self.temporary: set[Key] = set(world.temporary)
        #: What they make without a name, which later ones may call by the one that the engine gave it.
        self.nameless: list[Postcondition] = []
        #: What operations that have not run take from things, such as a default, and later ones may give back.
        self.taken: dict[Key, set[str]] = {}
        #: What they say of things at all: that a later one takes it away again is no sign, for there may be none yet.
        self.said: dict[Key, set[str]] = {}
        #: Accounts of whose privileges some are said, and those that lose all of them.
        self.granted: set[str] = set()
        self.stripped: set[str] = set()
        #: How many partitions tables get, where they have no names.
        self.parts: dict[Key, str] = {}
        #: The names that things have now, by those that they will have.
        self.now: dict[Key, Name] = {}

    def look(self, operations: tuple[Operation, ...], first: int) -> Iterator[Needed]:
        for index in range(first, len(operations)):
            for action in operations[index].actions:
                self._action(action, index)
                yield from self.found
                self.found.clear()

    def _is_touched(self, key: Key) -> bool:
        if key in self.touched or key in self.world.entries:
            return True
        return bool(others_of_name(key, self.touched) or others_of_name(key, self.world.entries))

    def _action(self, action: Action, index: int) -> None:
        if action.of_session:
            self.temporary.update(self.world.key(fact) for fact in action.postconditions[:1])
            return
        guard = action.guard
        soft = (guard is not None and guard.covers) or action.may_be_so
        weak = action.only_says
        renames = action.kind.startswith("rename-") or action.kind == "set-schema"
        made: list[Key] = []
        for number, fact in enumerate(action.postconditions):
            table = self.world.table_key(fact.table) if fact.table is not None else None
            if table is not None and (table in self.later or table in self.temporary):
                # Whoever drops it later needs nothing that is there now.
                self.touched.add(self.world.key(fact))
                continue
            current = self._current(fact)
            key = self.world.key(current)
            if fact.table is None and key in self.temporary:
                self.temporary.discard(key)
                continue
            if self.goes and current.object in ("index", "trigger") and current.present:
                self.touched.add(key)
            if current.present and not current.name.name:
                self.nameless.append(current)
            if self._hangs_on_account(current):
                self.touched.add(key)
            elif weak and self._is_of_what_comes(current):
                pass  # nothing can be said of it yet
            elif weak:
                self._says(current, key, index)
            elif current.object in SAYINGS:
                self.touched.add(key)  # that what it makes is not there yet says all
            elif not self._is_touched(key):
                self.touched.add(key)
                if any(may_be_called(self.world, one, current) for one in self.nameless):
                    continue
                # Of several privileges an account may have had some.
                self.found.append(Needed(current, index, soft, weak=current.object == "privilege"))
            if fact.object == "partition" and fact.table is not None:
                self.said.setdefault(self.world.table_key(fact.table), set()).add("partitioned")
            if fact.table is None:
                own = self.world.table_key(fact.name)
                if fact.present and not (renames and number == 1):
                    made.append(own)
                elif not fact.present and not renames:
                    self.later.add(own)
                    self.goes = self.goes or fact.object == "table"
        self.later.update(made)
        facts = action.postconditions
        if renames and len(facts) >= 2 and facts[0].table is None and not facts[0].present:
            old, new = facts[0].name, facts[1].name
            old_key, new_key = self.world.table_key(old), self.world.table_key(new)
            self.now[new_key] = self.now.pop(old_key, old)
            if old_key in self.later:
                self.later.add(new_key)
            else:
                self.later.discard(new_key)
            self.later.add(old_key)

    def _hangs_on_account(self, fact: Postcondition) -> bool:
        """Whether an account has a privilege by what earlier ones of these give it, or take away, all at once."""
        if fact.object != "privilege":
            return False
        account = dict(fact.attributes).get("account", "")
        everything = fact.name == everything_of(account)
        hangs = account in self.stripped or (everything and account in self.granted)
        (self.stripped if everything else self.granted).add(account)
        return hangs

    def _is_of_what_comes(self, fact: Postcondition) -> bool:
        """Whether a fact says something of what operations that have not run make, take away or rename."""
        of = subject(fact)
        key = self.world.key(of) if of is not None else None
        return key is not None and (key in self.touched or bool(others_of_name(key, self.touched)))

    def _says(self, fact: Postcondition, key: Key, index: int) -> None:
        """What only says what a thing is like was not so before, unless the world or an earlier one says it."""
        if fact.object in SAYINGS:  # one attribute, of which the others say which it is
            told_of = key in self.said or self._is_of_triggers_told(fact)
            again = told_of and _may_have_been(fact.attributes[-1])
            self.said.setdefault(key, set())
            self.touched.update(map(self.world.key, members(fact)))
            if key not in self.world.entries and not again:
                self.found.append(Needed(fact, index, soft=True, weak=True))
            return
        fact = self._counted(fact, key)
        earlier = self.taken.setdefault(key, set())
        before = self.said.setdefault(key, set())
        if fact.object == "trigger" and self._is_of_triggers_told(fact):
            before.add("fires")
        for name, value in fact.attributes:
            roles = {f"given to {role}" for role in value.rpartition(" to ")[2].split(", ")}
            if name == "no-privileges" and roles & before:
                return  # there may have been none before
            before.update(roles if name == "privileges" else ())
        told = tuple(
            (name, value)
            for name, value in fact.attributes
            if name not in earlier and (not _may_have_been((name, value)) or name not in before)
        )
        before.update(name for name, _ in fact.attributes)
        if fact.attributes and not told:
            return
        fact = fact._replace(attributes=told)
        names = tuple(name for name, _ in told)
        earlier.update(name for name, value in fact.attributes if not value)
        known = self.world.entries.get(key)
        said = dict(known.fact.attributes) if known is not None else {}
        if known is not None and (not known.fact.present or all(name in said for name in names)):
            return
        if known is None and key in self.touched:
            return
        self.found.append(Needed(fact, index, soft=True, weak=True))

    def _counted(self, fact: Postcondition, key: Key) -> Postcondition:
        """The fact with the number of partitions that so many more or fewer than before are, where an earlier one
        says how many those were."""
        said = dict(fact.attributes)
        if "partitions" not in said:
            return fact
        known = self.world.entries.get(key)
        before = dict(known.fact.attributes).get("partitions", "") if known is not None else ""
        said["partitions"] = self.parts[key] = counted(self.parts.get(key, before), said["partitions"])
        return fact._replace(attributes=tuple(said.items()))

    def _is_of_triggers_told(self, fact: Postcondition) -> bool:
        """Whether it was said already how triggers of a table fire, one of which this may be, or all of which."""
        said = dict(fact.attributes)
        all_ = said.get("key", "").startswith("triggers ")
        table = Name(said["name"], said.get("schema")) if all_ else fact.table
        if table is None or not (all_ or "fires" in said):
            return False
        own = ("triggers", *self.world.table_key(table))
        told = own in self.said
        self.said.setdefault(own, set())
        return told

    def _current(self, fact: Postcondition) -> Postcondition:
        """The fact with its table under the name that it has now."""
        if fact.table is None:
            return fact
        now = self.now.get(self.world.table_key(fact.table))
        return fact if now is None else fact._replace(table=now)
