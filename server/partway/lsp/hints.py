"""Inlay hints: beside each operation what is true of it in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.lsp.protocol import Raw
from partway.lsp.standing import Answer, Placed, described, marks, plain

if TYPE_CHECKING:
    from partway.core.source import Span
    from partway.lsp.documents import Document

_SIGNS = {"applied": "✓", "pending": "○", "different": "≠", "invalid": "✗", "unknown": "?"}


def hints(document: Document, answer: Answer, shown: list[Placed], asked: Span) -> list[Raw]:
    """The hints for a stretch of a document."""
    positions = document.positions
    return [
        Raw(
            position=positions.position(at),
            label=f"{_SIGNS[str(one.state.state)]} {one.state.state}",
            tooltip={
                "kind": "markdown",
                "value": f"On {plain(answer.database)}: {described(one.state)}",
            },
            paddingLeft=True,
        )
        for at, one in marks(shown, document.source.text, asked)
    ]
