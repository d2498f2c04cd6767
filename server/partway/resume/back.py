"""The statements that undo a half-run migration, last first: of what it made, and of what it renamed. Pure.

What it dropped or changed cannot be brought back from its text, so there is no way back then: the way is on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partway.core.operation import Action, Operation
from partway.core.postcondition import Name, Postcondition
from partway.dialects.catalog import Catalog, attribute, catalog
from partway.dialects.dialect import Dialect
from partway.live.entries import Key
from partway.live.mentions import subject
from partway.live.own import leaves_nothing
from partway.live.simulation import World
from partway.tools.resuming import CannotResume

#: Kinds of objects that are dropped by their name alone.
_BY_NAME = frozenset(
    """table view materialized-view sequence type domain schema extension collation statistics aggregate server
    foreign-table event publication procedure function""".split()  # noqa: SIM905 - a list of words
)
#: Those that are dropped by their name and their table.
_BY_TABLE = {"trigger": "ON", "policy": "ON", "rule": "ON"}
#: Changes of rows, which leave no trace to go back by.
_DATA = frozenset(
    {"insert", "update", "delete", "merge", "copy", "truncate", "select", "execute", "call", "do"}
)
_ADVICE = "Finish the migration instead: partway resume"


def undoing(operations: Sequence[Operation], ran: Sequence[bool | None], dialect: Dialect) -> list[str]:
    """The statements that undo the operations of a way up that have run, or may have, without terminators. Raises
    CannotResume."""
    return _Undoing(operations, ran, dialect).statements()


class _Undoing:
    def __init__(self, operations: Sequence[Operation], ran: Sequence[bool | None], dialect: Dialect) -> None:
        self.operations = operations
        self.ran = ran
        self.dialect = dialect
        self.catalog: Catalog = catalog(dialect.name)
        self.world = World(dialect)
        self.own = set(self._made())

    def _made(self) -> Iterator[Key]:
        """What the migration itself makes, and all that is in it goes with it."""
        for number, operation in enumerate(self.operations):
            for action in operation.actions:
                for fact in action.postconditions[:1]:
                    if self.ran[number] is not False and fact.present and action.kind.startswith("create-"):
                        yield self.world.key(fact)

    def statements(self) -> list[str]:
        """The statements, last first; but MySQL lets no index go that a foreign key needs, so there keys go before."""
        found: list[str] = []
        for number in range(len(self.operations) - 1, -1, -1):
            operation = self.operations[number]
            if self.ran[number] is not False and not leaves_nothing(operation):
                for action in reversed(operation.actions):
                    found += self._undone(number, operation, action)
        if self.dialect.indexes_in_table:
            found.sort(key=lambda one: " DROP FOREIGN KEY " not in one)
        return found

    def _undone(self, number: int, operation: Operation, action: Action) -> Iterator[str]:
        facts = action.postconditions
        if self._goes_along(operation, action):
            return
        if operation.kind in _DATA or operation.kind == "opaque":
            raise CannotResume(
                f"operation {number}, {operation.kind} {operation.target}, cannot be undone", _ADVICE
            )
        if action.kind.startswith("rename-") and len(facts) >= 2 and not facts[0].present:
            yield self._renamed(number, facts[1], facts[0])
        elif (
            facts
            and facts[0].present
            and not action.only_says
            and action.kind.startswith(("create-", "add-"))
        ):
            yield self._dropped(number, facts[0])
            yield from self._index_of_key(facts[0])
        else:
            raise CannotResume(
                f"operation {number}, {action.kind} {action.target}: what was there before it is not known",
                _ADVICE,
            )

    def _goes_along(self, operation: Operation, action: Action) -> bool:
        """Whether all that it did is in something that the migration made."""
        makes = action.kind.startswith("create-") and action.postconditions[:1]
        if makes and action.postconditions[0].table is None:
            return False
        tables = {fact.table for fact in action.postconditions if fact.table is not None}
        if tables and all(self.world.table_key(table) in self.own for table in tables):
            return True
        if operation.kind in _DATA:
            return self.world.table_key(_name(operation.target)) in self.own
        if not action.only_says:
            return False
        said_of = [self.world.key(subject(fact) or fact) for fact in action.postconditions]
        # Of what cannot be read no more is known than what it is about.
        return all(key in self.own for key in said_of or [self.world.table_key(_name(action.target))])

    def _renamed(self, number: int, new: Postcondition, old: Postcondition) -> str:
        name = self.catalog.identifier
        if new.object == "table":
            return f"ALTER TABLE {self.catalog.qualified(new.name)} RENAME TO {name(old.name.name)}"
        if new.object == "column" and new.table is not None:
            table = self.catalog.qualified(new.table)
            return f"ALTER TABLE {table} RENAME COLUMN {name(new.name.name)} TO {name(old.name.name)}"
        if new.object == "index" and self.dialect.indexes_in_table and new.table is not None:
            table = self.catalog.qualified(new.table)
            return f"ALTER TABLE {table} RENAME INDEX {name(new.name.name)} TO {name(old.name.name)}"
        if new.object in _BY_NAME or new.object == "index":
            words = new.object.replace("-", " ").upper()
            return f"ALTER {words} {self.catalog.qualified(new.name)} RENAME TO {name(old.name.name)}"
        raise CannotResume(f"operation {number}: {new.object} {new.path} cannot be renamed back", _ADVICE)

    def _dropped(self, number: int, fact: Postcondition) -> str:
        name, qualified = self.catalog.identifier(fact.name.name), self.catalog.qualified(fact.name)
        table = self.catalog.qualified(fact.table) if fact.table is not None else ""
        words = fact.object.replace("-", " ").upper()
        if fact.object == "column" and table:
            return f"ALTER TABLE {table} DROP COLUMN {name}"
        if fact.object == "index":
            if self.dialect.indexes_in_table:
                return f"DROP INDEX {name} ON {table}"
            schema = fact.table.schema if fact.table is not None else fact.name.schema
            return f"DROP INDEX {self.catalog.qualified(Name(fact.name.name, schema))}"
        if fact.object == "constraint" and table and fact.name.name:
            return f"ALTER TABLE {table} DROP {self._constraint(fact)} {name}"
        if fact.object in _BY_TABLE:
            by = f" {_BY_TABLE[fact.object]} {table}" if self.dialect.triggers_in_table else ""
            return f"DROP {words} {name}{by}"
        if fact.object in ("function", "procedure", "aggregate"):
            arguments = attribute(fact, "arguments")
            return f"DROP {words} {qualified}" + (f"({arguments})" if arguments is not None else "")
        if fact.object in _BY_NAME:
            return f"DROP {words} {qualified}"
        raise CannotResume(
            f"operation {number}: {fact.object} {fact.path} cannot be taken away again", _ADVICE
        )

    def _index_of_key(self, fact: Postcondition) -> Iterator[str]:
        """MySQL gives a foreign key an index of its name if it finds none, and leaves it there when the key goes."""
        if (
            self.dialect.indexes_in_table
            and attribute(fact, "kind") == "foreign key"
            and fact.table is not None
        ):
            name, table = self.catalog.identifier(fact.name.name), self.catalog.qualified(fact.table)
            yield f"DROP INDEX {name} ON {table}"

    def _constraint(self, fact: Postcondition) -> str:
        """What MySQL calls a constraint when it is dropped, which is CONSTRAINT elsewhere."""
        kind = attribute(fact, "kind") or ""
        if not self.dialect.indexes_in_table:
            return "CONSTRAINT"
        return {"foreign key": "FOREIGN KEY", "unique": "INDEX"}.get(kind, "CONSTRAINT")


def _name(target: str) -> Name:
    schema, _, name = target.rpartition(".")
    return Name(name, schema or None)


def lost(operations: Sequence[Operation], ran: Sequence[bool | None]) -> list[str]:
    """What goes with what is taken away: the tables and columns that may hold rows by now."""
    return [
        f"{fact.object} {fact.path}"
        for operation, has_run in zip(operations, ran, strict=True)
        if has_run is not False
        for action in operation.actions
        if action.kind in ("create-table", "add-column")
        for fact in action.postconditions[:1]
        if fact.present
    ]
