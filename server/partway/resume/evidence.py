"""What in a catalog shows that an operation of a migration has run. Pure.

A migration can have stopped before each of its operations, so a database that it ran on is in one of a few worlds: what
the first none, one, two, ... of them leave. Later operations undo what earlier ones made (create a temporary table,
copy, drop, rename), so that the name which an operation makes is often no sign of it by itself. What each world shows
is worked out here, and then, for an operation, a formula is looked for that holds in every world after it and in none
before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from partway.core.operation import Action, Operation
from partway.core.postcondition import Name, Postcondition, absent
from partway.dialects.dialect import Dialect
from partway.live.simulation import Key, World
from partway.tools.resuming import Formula

#: What of a fact's attributes tells one thing of a name from another, or says that it is whole.
_TELLING = frozenset({"kind", "arguments", "valid"})
#: What tells one thing without a name from another.
_SHAPE = frozenset({"columns", "references", "unique"})
#: So many facts are combined at most: the search is over all pairs.
_MOST = 60


class _Sign(NamedTuple):
    """A fact that the catalog can be asked about, and the worlds in which it holds, by their numbers."""

    fact: Postcondition
    by: int
    holds: frozenset[int]


class Evidence:
    """The worlds that a migration's operations, in order, can have left behind.

    `visible` says whether the catalog can be asked about a fact at all.
    """

    def __init__(
        self, operations: Sequence[Operation], dialect: Dialect, visible: Callable[[Postcondition], bool]
    ) -> None:
        self.operations = operations
        self.visible = visible
        self._world = World(dialect)
        self._dialect = dialect

    def ran(self, index: int, first: int | None = None) -> Formula | None:
        """What holds in every world in which more than `index` operations have run, and in no other one, of those in
        which at least `first` have (`index` if it is not said: when an operation's turn comes, those before it have
        run); None where no such formula is found."""
        return self._covering(
            index, frozenset(range(index if first is None else first, len(self.operations) + 1))
        )

    def _covering(self, index: int, worlds: frozenset[int]) -> Formula | None:
        wanted = frozenset(world for world in worlds if world > index)
        signs = sorted(self._signs, key=lambda sign: (sign.by != index, abs(sign.by - index)))[:_MOST]
        found: list[tuple[Postcondition, ...]] = []
        left = set(wanted)
        while left:
            best = self._best(signs, wanted, worlds, left)
            if best is None:
                return None
            found.append(tuple(sign.fact for sign in best))
            left -= frozenset.intersection(*(sign.holds for sign in best))
        return tuple(found)

    def again(self, index: int) -> Formula | None:
        """The same, where worlds after the operation may look like the one before it: there it runs again, which leads
        to where it led before as long as what has run since has changed no more than definitions. None where something
        else ran, or the operation shows nothing at all."""
        before = self._seen(index)
        alike = {w for w in range(index + 1, len(self.operations) + 1) if self._seen(w) == before}
        if index + 1 in alike or not alike:
            return None
        if any(not _defines(one) for one in self.operations[index : max(alike)]):
            return None
        return self._covering(index, frozenset(range(index, len(self.operations) + 1)) - alike)

    def _seen(self, world: int) -> frozenset[int]:
        return frozenset(number for number, sign in enumerate(self._signs) if world in sign.holds)

    def _best(
        self, signs: list[_Sign], wanted: frozenset[int], worlds: frozenset[int], left: set[int]
    ) -> tuple[_Sign, ...] | None:
        """The signs, one or two together, that hold in most of what is left and in nothing but what is wanted."""
        for number in (1, 2):
            best: tuple[_Sign, ...] | None = None
            most = 0
            for each in combinations(signs, number):
                holds = frozenset.intersection(*(sign.holds for sign in each)) & worlds
                covers = len(holds & left)
                if covers > most and holds <= wanted:
                    best, most = each, covers
            if best is not None:
                return best
        return None

    @cached_property
    def _signs(self) -> list[_Sign]:
        """Every fact that any operation tells, and its opposite, with the worlds in which it holds."""
        present = _Presence(self._world)
        told: dict[Key, tuple[Postcondition, int]] = {}
        for index, operation in enumerate(self.operations):
            for fact in (fact for action in operation.actions for fact in _told(action)):
                key = self._world.key(fact)
                if key not in told or (fact.present and not told[key][0].present):
                    told[key] = (fact, index if key not in told else told[key][1])
        for operation in self.operations:
            present.run(operation)
        found: list[_Sign] = []
        worlds = frozenset(range(len(self.operations) + 1))
        for key, (fact, index) in told.items():
            telling = _TELLING if fact.name.name else _TELLING | _SHAPE
            asked = fact._replace(attributes=tuple(pair for pair in fact.attributes if pair[0] in telling))
            if not self.visible(asked):
                continue
            there = present.worlds(key)
            if there and there != worlds:
                found.append(_Sign(asked._replace(present=True), index, there))
                found.append(_Sign(asked._replace(present=False), index, worlds - there))
        return found


#: How the kinds begin of what defines things, and changes no rows.
_DEFINING = ("create-", "drop-", "add-", "alter-", "comment", "attach-", "detach-", "validate-")
#: What holds rows, or is as hard to get back.
_HOLDING = frozenset({"table", "column", "schema", "sequence", "database", "tablespace", "partition"})


def loses_rows(operation: Operation) -> bool:
    """Whether an operation takes away what may hold rows."""
    return any(
        fact.object in _HOLDING and not fact.present
        for action in operation.actions
        if not action.kind.startswith(("rename-", "set-schema"))
        for fact in action.postconditions
    )


def _defines(operation: Operation) -> bool:
    fills = operation.kind == "create-table" and any("as-select" in one.traits for one in operation.actions)
    return operation.kind.startswith(_DEFINING) and not fills and not loses_rows(operation)


def _told(action: Action) -> Iterable[Postcondition]:
    """What an action makes come or go, by name."""
    if action.only_says or "temporary" in action.traits:
        return
    for fact in action.postconditions:
        if "add-identity" in action.traits and fact.object == "column":
            yield fact._replace(object="identity")
        elif fact.object == "constraint" and "domain" in action.kind:
            yield fact._replace(object="domain-constraint")
        elif fact.name.name or _is_told_apart(fact):
            yield fact


def _is_told_apart(fact: Postcondition) -> bool:
    """Whether a thing without a name can be told from others: a primary key, or what says which columns it is on."""
    said = dict(fact.attributes)
    return said.get("kind") == "primary key" or "columns" in said


class _Presence:
    """Which things are there in which world: in those after the operations that were run, and before them as far as
    that follows."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._count = 0
        #: What each operation made of a thing: the world from which it holds, and whether the thing is there.
        self._changes: dict[Key, list[tuple[int, bool]]] = {}
        self._inside: dict[Key, set[Key]] = {}

    def worlds(self, key: Key) -> frozenset[int]:
        """The worlds in which the thing is there. Before the first operation that touches it, it was otherwise."""
        changes = self._changes.get(key, [])
        if not changes:
            return frozenset()
        found: set[int] = set()
        now = not changes[0][1]
        at = 0
        for world in range(self._count + 1):
            while at < len(changes) and changes[at][0] <= world:
                now = changes[at][1]
                at += 1
            if now:
                found.add(world)
        return frozenset(found)

    def run(self, operation: Operation) -> None:
        """One more operation."""
        self._count += 1
        for action in operation.actions:
            self._act(action)

    def _act(self, action: Action) -> None:
        facts = list(_told(action))
        moves = (
            len(facts) == 2
            and facts[0].table is None
            and not facts[0].present
            and facts[1].present
            and action.kind.startswith(("rename-", "set-schema"))
        )
        if moves:
            self._move(facts[0], facts[1])
        for fact in facts:
            key = self._world.key(fact)
            index = dict(fact.attributes).get("index", "") if "using-index" in action.traits else ""
            if index and index != fact.name.name and fact.table is not None:
                # The index is called like the constraint from then on.
                self._set(
                    self._world.key(absent("index", Name(index, fact.table.schema), fact.table)), there=False
                )
            if fact.table is not None:
                self._inside.setdefault(self._world.table_key(fact.table), set()).add(key)
            elif not fact.present and not moves:
                for each in self._inside.get(self._world.table_key(fact.name), ()):
                    self._set(each, there=False)
            self._set(key, there=fact.present)

    def _move(self, old: Postcondition, new: Postcondition) -> None:
        """What is in a thing goes with it to its new name."""
        old_key, new_key = self._world.table_key(old.name), self._world.table_key(new.name)
        for key in list(self._inside.get(old_key, ())):
            here = len(old_key)
            if key[1:here] != old_key[1:]:
                continue  # an index, which keeps its name
            moved = (key[0], *new_key[1:], *key[here:])
            if self._now(key):
                self._set(moved, there=True)
            self._set(key, there=False)
            self._inside.setdefault(new_key, set()).add(moved)

    def _now(self, key: Key) -> bool:
        changes = self._changes.get(key, [])
        return bool(changes) and changes[-1][1]

    def _set(self, key: Key, *, there: bool) -> None:
        changes = self._changes.setdefault(key, [])
        if not changes or changes[-1][1] is not there:
            if changes and changes[-1][0] == self._count:
                changes[-1] = (self._count, there)
            else:
                changes.append((self._count, there))
