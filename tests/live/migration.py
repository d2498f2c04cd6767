"""A migration of several operations, stopped after each of them."""

from __future__ import annotations

from typing import NamedTuple


class Migration(NamedTuple):
    """`setup` is what is there before; `twins` says that some of its states cannot be told apart by their schema."""

    setup: str
    statements: tuple[str, ...]
    twins: bool = False

    @property
    def sql(self) -> str:
        """The whole text."""
        return ";\n".join(self.statements)
