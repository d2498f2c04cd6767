"""sqlglot's tokenizer as a second opinion: its tokens begin and end where ours do, over the whole statement set."""

from __future__ import annotations

import pytest
import sqlglot

from partway.dialects import dialect_named
from partway.sql.lexer import lex
from tests.truth.cases import FAMILIES, read_family

#: sqlglot has no MariaDB of its own, and names PostgreSQL differently.
_NAMES = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite"}
#: Operators that one of us takes as one token and the other as several.
_JOINED = "#-?@|&~!<>=*+/%^:"


@pytest.mark.parametrize("dialect", sorted(set(FAMILIES.values())))
def test_tokens_begin_and_end_at_the_same_places(dialect: str) -> None:
    compared = 0
    for case in read_family(dialect):
        for text in case.statements:
            # The data behind COPY is no SQL, and @@session.x one word: sqlglot knows neither.
            if "FROM stdin" in text or "@@" in text:
                continue
            ours = lex(text, dialect_named(dialect).lexis).tokens
            starts, ends = {token[1] for token in ours}, {token[2] for token in ours}
            try:
                theirs = sqlglot.tokenize(text, read=_NAMES[dialect])
            except sqlglot.errors.TokenError:
                continue
            for token in theirs:
                said = text[token.start : token.end + 1]
                if said[:1] in _JOINED or said[-1:] in _JOINED or text[: token.start].endswith(("@", ":")):
                    continue
                assert token.start in starts, (text, said)
                assert token.end + 1 in ends, (text, said)
                compared += 1
    assert compared > 500
