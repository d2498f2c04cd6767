"""Comments taken out of SQL: some catalogs keep what was written, and a comment changes nothing of what it does."""

from __future__ import annotations

from partway.dialects import dialect_named
from partway.sql.lexer import lex


def uncommented(text: str, dialect: str) -> str:
    """The text with a blank in each comment's place."""
    if "--" not in text and "/*" not in text and "#" not in text:
        return text
    parts, last = [], 0
    for comment in lex(text, dialect_named(dialect).lexis).comments:
        parts += [text[last : comment.span.start], " "]
        last = comment.span.end
    return "".join([*parts, text[last:]])
