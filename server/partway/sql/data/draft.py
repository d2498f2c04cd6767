"""What the readers of single statements hand back, before it becomes an action with its dialect's row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from partway.core.operation import Guard, InTransaction, Repeat
from partway.core.postcondition import Name
from partway.sql.data.view import Range


class Draft(NamedTuple):
    """One data change. `in_transaction` is set where the statement itself says more than its kind does; `drains` tells
    that a second run finds no row to change, and so gives none by RETURNING."""

    kind: str
    target: Name | None
    repeat: Repeat
    traits: frozenset[str] = frozenset()
    guard: Guard | None = None
    in_transaction: InTransaction | None = None
    drains: bool = False


class Cte(NamedTuple):
    """A query of a WITH clause: its tokens, and whether it moves rows away, so that a second run finds none."""

    body: Range
    drained: bool = False


Ctes = Mapping[str, Cte]
