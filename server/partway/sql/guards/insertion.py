"""Guards that are words: IF NOT EXISTS, IF EXISTS, OR REPLACE, written where the grammar has a place for them."""

from __future__ import annotations

from partway.core.edit import Edit
from partway.core.source import Span
from partway.dialects.dialect import Way
from partway.sql.guards.frame import Frame

WORDS = {Way.IF_NOT_EXISTS: "IF NOT EXISTS", Way.IF_EXISTS: "IF EXISTS", Way.OR_REPLACE: "OR REPLACE"}


def insertion(frame: Frame, at: int, words: str) -> Edit:
    """Words put in at an offset between two tokens, with the blanks they need and no more."""
    text = frame.text
    before = "" if at == 0 or text[at - 1].isspace() or text[at - 1] == "(" else " "
    # Right after a word the blank that follows it serves; anywhere else what follows needs one of its own.
    after = "" if at < len(text) and text[at].isspace() and before else " "
    return Edit(Span(at, at), f"{before}{words}{after}")
