"""A directive as it is called: `op.add_column("users", ...)`, or inside a batch `batch_op.add_column(...)`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from partway.core.source import Span
from partway.tools.alembic.definitions import Writing
from partway.tools.alembic.flavours import Flavour
from partway.tools.alembic.naming import Given, Table, given
from partway.tools.embedded import HOLE
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, Unknown


class Statement(NamedTuple):
    """A statement that a directive sends. `option` is the keyword whose words stand in it, if it was given."""

    sql: str
    option: str = ""


class Request:
    """One call of a directive. `batch` is the table of the batch that it stands in, None outside of one; arguments by
    position are then one fewer. `words` is what the program calls it: "op.add_column"."""

    def __init__(self, call: Call, writing: Writing, span: Span, batch: Table | None = None) -> None:
        self.call = call
        self.writing = writing
        self.flavour: Flavour = writing.flavour
        self.span = span
        self.batch = batch
        self.name = call.name
        self.words = f"{'batch_op' if batch else 'op'}.{call.name}"

    def get(self, keyword: str, position: int = -1, default: object = None) -> object:
        """The value of an argument; `position` as it is outside of a batch, where the table's name counts."""
        return self.call.get(keyword, position, default)

    def table(self, position: int = 0, keyword: str = "table_name", schema: str = "schema") -> Table:
        """The table that it is about."""
        if self.batch is not None:
            return self.batch
        return Table(self.text(keyword, position), self.text_or(schema, ""))

    def place(self, position: int) -> int:
        """Where an argument behind the table's name stands here."""
        return position if self.batch is None else position - 1

    def text(self, keyword: str, position: int = -1) -> str:
        """A name that has to be there; a hole where it is not known."""
        value = self.call.get(keyword, position)
        if isinstance(value, Text):
            return str(value)
        named = given(value)
        return named.name or HOLE

    def text_or(self, keyword: str, otherwise: str) -> str:
        """An argument by keyword that may be missing."""
        value = self.call.get(keyword)
        if isinstance(value, Text):
            return str(value)
        return HOLE if isinstance(value, Unknown) and self.call.argument(keyword) else otherwise

    def given(self, position: int, *keywords: str) -> Given:
        """The name of a constraint or index, as given."""
        for keyword in keywords:
            if self.call.argument(keyword) is not None:
                return given(self.call.get(keyword))
        return given(self.call.get(keywords[0], position))

    def on(self, keyword: str) -> bool:
        """Whether a switch is given and on."""
        return self.call.get(keyword) is True

    def words_of(self, option: str) -> str:
        """The SQL of an option, empty where it is not given."""
        if not self.on(option):
            return ""
        return "IF NOT EXISTS " if option == "if_not_exists" else "IF EXISTS "

    def alter(self, table: Table, rest: str, option: str = "") -> Statement:
        """ALTER TABLE."""
        return Statement(f"ALTER TABLE {self.writing.table(table)} {rest}", option)


Sent = Iterator[Statement]
