"""Whatever the tokens, the reader gives actions inside the statement or none, and never raises; it stays linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.core.operation import Action
from partway.core.postcondition import Name
from partway.dialects import NAMES, dialect_named
from partway.sql.data import FIRST_WORDS
from partway.sql.data.context import DataContext, TableFacts
from partway.sql.data.statement import read_data
from partway.sql.data.words import words
from partway.sql.lexer import lex
from tests.data.cases import FAMILIES, load, verdict

PIECES = sorted(
    words("""
    SELECT INSERT INTO UPDATE DELETE FROM MERGE USING WITH RECURSIVE AS SET VALUES VALUE WHERE ON
    CONFLICT DO NOTHING DUPLICATE KEY CASE WHEN THEN ELSE END AND OR NOT NULL IS IN LIKE BETWEEN EXISTS
    DISTINCT ( ) [ ] , . = <> < > + - * / || :: -> ->> ? @> ; t src a b k n x.y "q" `b` 'text' 1 2.5 $1
    :p @v $$body$$ LIMIT ORDER BY GROUP HAVING JOIN LEFT RETURNING UNION ALL EXCEPT REPLACE IGNORE COPY
    TRUNCATE TABLE LOAD DATA EXPLAIN ANALYZE count(*) now() lower(k) coalesce(n,1) ARRAY INTERVAL CAST
    OVER FILTER DEFAULT excluded.n MATCHED TRUE ANY COLLATE AT TIME ZONE
""")
)

FACTS = DataContext(
    {Name("t"): TableFacts(("id", "k", "n"), (frozenset({"id"}), frozenset({"k"})), frozenset({"id"}))}
)


def read(text: str, dialect: str) -> list[Action] | None:
    spoken = dialect_named(dialect)
    return read_data(text, lex(text, spoken.lexis).tokens, spoken, (), FACTS)


def assert_sound(text: str, dialect: str) -> None:
    for action in read(text, dialect) or ():
        assert 0 <= action.span.start <= action.span.end <= len(text)
        if action.guard is not None:
            assert action.span.start <= action.guard.span.start <= action.guard.span.end <= action.span.end
        assert action.repeat.value in {"same", "fails", "changes", "unknown"}


@given(
    st.sampled_from(NAMES),
    st.sampled_from(sorted(FIRST_WORDS)),
    st.lists(st.sampled_from(PIECES), max_size=40),
)
def test_any_words(dialect: str, first: str, pieces: list[str]) -> None:
    assert_sound(" ".join((first, *pieces)), dialect)


@given(st.sampled_from(NAMES), st.sampled_from(sorted(FIRST_WORDS)), st.text(max_size=60))
def test_any_text(dialect: str, first: str, rest: str) -> None:
    assert_sound(f"{first} {rest}", dialect)


@given(st.data())
def test_statements_cut_off_or_with_a_piece_changed(data: st.DataObject) -> None:
    dialect = data.draw(st.sampled_from(NAMES))
    sql = data.draw(st.sampled_from(load(FAMILIES[dialect])[1])).sql
    words = sql.split()
    at = data.draw(st.integers(0, len(words)))
    assert_sound(" ".join(words[:at]), dialect)
    assert_sound(sql[: data.draw(st.integers(0, len(sql)))], dialect)
    assert_sound(" ".join([*words[:at], data.draw(st.sampled_from(PIECES)), *words[at + 1 :]]), dialect)


@pytest.mark.parametrize("dialect", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        "UPDATE t SET n = " + "(" * 20_000 + "n" + ")" * 20_000,
        "UPDATE t SET n = n" + " + n" * 50_000,
        "UPDATE t SET n = n" + " - n" * 50_000,
        "UPDATE t SET n = " + "lower(" * 5_000 + "n" + ")" * 5_000,
        "UPDATE t SET n = " + "CASE WHEN n = 1 THEN 2 ELSE " * 5_000 + "n" + " END" * 5_000,
        "UPDATE t SET n = CASE n" + " WHEN 1 THEN 2" * 20_000 + " END",
        "UPDATE t SET n = " + "NOT " * 20_000 + "n",
        "UPDATE t SET n = 1 WHERE k IN (" + "'x', " * 50_000 + "'y')",
        "UPDATE t SET n = 1 WHERE " + "k LIKE '%a%b%c%d%e%' AND " * 5_000 + "true",
        "DELETE FROM t WHERE id IN " + "(SELECT id FROM t WHERE id IN " * 2_000 + "(1)" + ")" * 2_000,
        "WITH " + ", ".join(f"c{i} AS (SELECT * FROM t)" for i in range(3_000)) + " DELETE FROM t",
        "INSERT INTO t (k) VALUES " + "(" * 20_000,
        "INSERT INTO nokey SELECT " + "1 UNION ALL SELECT " * 10_000 + "2",
        "SELECT " + "[" * 20_000,
    ],
    ids=lambda text: text[:60],
)
def test_deep_and_long_statements_end_soon(dialect: str, text: str) -> None:
    started = time.process_time()
    assert_sound(text, dialect)
    assert time.process_time() - started < 20  # what grows with the square or worse takes minutes


@pytest.mark.parametrize("dialect", NAMES)
def test_rows_of_a_long_insert_are_not_looked_at(dialect: str) -> None:
    def cost(rows: int) -> float:
        text = "INSERT INTO logs (a, b) VALUES " + ", ".join(["(1, 'x')"] * rows)
        spoken = dialect_named(dialect)
        tokens = lex(text, spoken.lexis).tokens
        started = time.perf_counter()
        found = read_data(text, tokens, spoken, ())
        assert found is not None
        assert verdict(found) == "changes"
        return time.perf_counter() - started

    assert cost(100_000) < 0.05


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_the_end_of_a_long_insert_is_found(dialect: str) -> None:
    text = "INSERT INTO t (k, n) VALUES " + ", ".join(["('x', 1)"] * 50_000)
    guarded = read(
        text + " ON CONFLICT (k) DO UPDATE SET (n, k) = (excluded.n, excluded.k), s = NULL", dialect
    )
    assert guarded
    assert guarded[0].guard is not None
    assert verdict(guarded) == "same"
