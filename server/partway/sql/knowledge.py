"""What the statements read so far say about the tables they made: columns, keys, what fills itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from partway.core.operation import Action
from partway.core.postcondition import Name, Postcondition

if TYPE_CHECKING:
    from partway.sql.data.context import DataContext, TableFacts

_GENERATES = re.compile(
    r"serial|autoincrement|nextval|gen_random|uuid_generate|uuid\(|now\(|random|current_", re.IGNORECASE
)
_CONSTANT = re.compile(r"'(?:[^']|'')*'(?:::[\w ]+)?|[-+]?[\d.]+|true|false|null", re.IGNORECASE)
_NOTED = frozenset(
    {
        "create-table",
        "add-column",
        "create-index",
        "add-constraint",
        "drop-table",
        "rename-table",
        "rename-column",
        "drop-column",
    }
)


class Knowledge:
    """Notes each action as it is read; puts together what is known when a data change asks."""

    __slots__ = ("_actions", "_known", "_rowid_keys", "partitioned", "slotless")

    def __init__(self, *, rowid_keys: bool) -> None:
        self._actions: list[Action] = []
        self._known: DataContext | None = None
        self._rowid_keys = rowid_keys
        #: Tables made as partitioned ones, and the indexes on them.
        self.partitioned: set[str] = set()
        #: Subscriptions that were cut off from the publisher's slot.
        self.slotless: set[str] = set()

    def notice(self, action: Action) -> None:
        """Remember an action that says something about a table or a subscription."""
        if "partitioned" in action.traits or (
            action.kind == "create-index"
            and action.postconditions
            and str(action.postconditions[0].table) in self.partitioned
        ):
            self.partitioned.add(action.target)
        if "no-slot" in action.traits:
            self.slotless.add(action.target)
        if action.kind in _NOTED and "as-select" not in action.traits:
            self._actions.append(action)
            self._known = None

    def data(self) -> DataContext:
        """What is known at this place."""
        from partway.sql.data.context import NOTHING_KNOWN, DataContext

        if not self._actions:
            return NOTHING_KNOWN
        if self._known is None:
            tables: dict[Name, TableFacts] = {}
            for action in self._actions:
                self._apply(action, tables)
            self._known = DataContext(tables)
        return self._known

    def _apply(self, action: Action, tables: dict[Name, TableFacts]) -> None:
        from partway.sql.data.context import TableFacts

        facts = action.postconditions
        if action.kind == "create-table":
            columns = [fact for fact in facts if fact.object == "column"]
            if columns:
                keys = tuple(key for fact in facts if (key := _key(fact)))
                tables[facts[0].name] = TableFacts(
                    tuple(fact.name.name.lower() for fact in columns),
                    keys,
                    frozenset(fact.name.name.lower() for fact in columns if self._fills_itself(fact, keys)),
                    {fact.name.name.lower(): default for fact in columns if (default := _constant(fact))},
                )
            return
        table = facts[0].table if facts and facts[0].table is not None else facts[0].name if facts else None
        if table is None or table not in tables:
            return
        if action.kind in ("create-index", "add-constraint"):
            if key := _key(facts[0]):
                known = tables[table]
                tables[table] = TableFacts(known.columns, (*known.keys, key), known.generated, known.defaults)
        elif action.kind == "add-column":
            known = tables[table]
            names = (*known.columns, facts[0].name.name.lower())
            added = tuple(key for fact in facts[1:] if (key := _key(fact)))
            tables[table] = TableFacts(names, (*known.keys, *added), known.generated, known.defaults)
        else:
            del tables[table]  # renamed, dropped, or no longer as it was made

    def _fills_itself(self, column: Postcondition, keys: tuple[frozenset[str], ...]) -> bool:
        attributes = dict(column.attributes)
        kind = attributes.get("type", "")
        if (
            "identity" in attributes
            or _GENERATES.search(kind)
            or _GENERATES.search(attributes.get("default", ""))
        ):
            return True
        return self._rowid_keys and kind == "integer" and frozenset({column.name.name.lower()}) in keys


def _key(fact: Postcondition) -> frozenset[str] | None:
    """The columns that a constraint or index holds unique."""
    attributes = dict(fact.attributes)
    unique = attributes.get("kind") in ("primary key", "unique") or attributes.get("unique") == "yes"
    if not unique or "predicate" in attributes or "(" in attributes.get("columns", "("):
        return None
    return frozenset(column.strip().lower() for column in attributes["columns"].split(","))


def _constant(column: Postcondition) -> str:
    default = dict(column.attributes).get("default", "")
    return default if _CONSTANT.fullmatch(default) else ""
