"""The table that an ALTER TABLE is about, as the readers of its actions know it."""

from __future__ import annotations

from partway.core.operation import Action, Guard
from partway.core.postcondition import Name, Postcondition
from partway.core.source import Span
from partway.sql.context import Context
from partway.sql.cursor import Cursor


class Alter:
    """The table being altered, and how an action on it is made."""

    def __init__(
        self, context: Context, table: Name, guard: Guard | None, object_: str, insert_at: int
    ) -> None:
        self.context = context
        self.table = table
        self.guard = guard
        self.object = object_
        self.insert_at = insert_at

    def action(
        self,
        kind: str,
        target: object,
        cursor: Cursor,
        *facts: Postcondition,
        traits: set[str] | frozenset[str] = frozenset(),
        guard: Guard | None = None,
        insert_at: int | None = None,
    ) -> Action:
        """An action that spans its part of the statement."""
        span = Span(cursor.tokens[min(cursor.i, cursor.count - 1)][1], cursor.tokens[cursor.count - 1][2])
        return self.context.action(
            kind, target, span, *facts, traits=traits, guard=guard, insert_at=insert_at
        )

    def member(self, name: str) -> str:
        """A column, constraint or index of this table, as a target."""
        return f"{self.table}.{name}"


def whole(cursor: Cursor, begin: int) -> Cursor:
    """A cursor over the whole action that begins at index `begin`, for its span."""
    return cursor.part(begin, cursor.count)
