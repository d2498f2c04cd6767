"""What the reader binds to names of a migration: the connection, a direction, a table, records."""

from __future__ import annotations

from collections.abc import Callable

from partway.tools.rails.commands import Command
from partway.tools.rails.program import Model


class Direction:
    """What `reversible` gives its block: `dir.up { }` runs on the way up, `dir.down { }` on the way down."""

    def __init__(self, down: bool) -> None:
        self.down = down


class Connection:
    """The database connection. `recorded` says whether a recorder stands in for it on the way down, as it does for the
    migration's own. `asked` is what it is asked of, in the text's words, where that is another class."""

    def __init__(self, recorded: bool, asked: str = "") -> None:
        self.recorded = recorded
        self.asked = asked

    def of(self, said: str) -> Connection:
        """This connection, asked of that class: the recorder stands in for the migration's own alone."""
        return self if said == "self" else Connection(recorded=False, asked=said)


class Table:
    """A table that a block changes or defines: `t`. Its calls go to `sink`."""

    def __init__(self, table: str, sink: Callable[[Command], None], changed: bool) -> None:
        self.table = table
        self.sink = sink
        self.changed = changed


class Records:
    """Records of a model, one or many. `chosen` is the text of the calls that select them."""

    def __init__(self, model: Model, chosen: str = "") -> None:
        self.model = model
        self.table = model.table
        self.chosen = chosen
