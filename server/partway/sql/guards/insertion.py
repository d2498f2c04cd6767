"""Guards that are words: IF NOT EXISTS, IF EXISTS, OR REPLACE, written where the grammar has a place for them."""

from __future__ import annotations

from partway.core.edit import Edit
from partway.core.operation import Action
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


def foreign_key_place(frame: Frame, action: Action) -> int | None:
    """Where `ADD CONSTRAINT name FOREIGN KEY (...)` takes IF NOT EXISTS and the name again; None if it has it twice."""
    tokens = [token for token in frame.lexed.tokens if action.span.start <= token[1] < action.span.end]
    for this, following, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if this[3] == "FOREIGN" and following[3] == "KEY":
            return following[2] if after[3] == "(" else None
    return None
