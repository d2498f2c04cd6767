"""What the statements read so far say about the tables: their columns, keys, and whether they are empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.core.operation import Action

if TYPE_CHECKING:
    from partway.sql.data.context import DataContext


class Knowledge:
    """Notes each action as it is read; hands out what a data change needs to know when one comes."""

    __slots__ = ("_actions",)

    def __init__(self) -> None:
        self._actions: list[Action] = []

    def notice(self, action: Action) -> None:
        """Remember an action that may say something about a table."""
        self._actions.append(action)

    def data(self) -> DataContext:
        """What is known at this place."""
        from partway.sql.data.context import NOTHING_KNOWN

        return NOTHING_KNOWN
