"""Any text is read, half-typed, hostile, random: nothing raises, places stay inside the text, and it ends soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.core.migration import Migration
from partway.core.source import Span
from tests.tools.rails.helper import DIALECTS, FIXTURES, read_text

_HEAD = "class A < ActiveRecord::Migration[7.0]\n  def change\n"
#: Nested, endless, self-made: each once in a body that ends and once in one that does not.
HOSTILE = {
    "brackets": "[" * 10_000,
    "parentheses": "(" * 3_000,
    "braces": "{" * 10_000,
    "calls on calls": "a." * 10_000 + "b",
    "sums": "a + " * 10_000 + "b",
    "sums of strings": "execute " + "'a' + " * 5_000 + "'b'",
    "ifs": "if x\n" * 3_000,
    "blocks": "x do\n" * 3_000,
    "arrays in arrays": "add_column :a, " + "[" * 5_000 + "]" * 5_000,
    "many turns": "(1..1000000000).each { |x| add_column :a, :b, :c }",
    "more turns": "100000000.times { add_column :a, :b, :c }",
    "turns in turns": "%w["
    + "a " * 900
    + "].each { |x| %w["
    + "b " * 900
    + "].each { |y| add_column x, y, :z } }",
    "doubling": "x = 'a'\n" + "x = x + x\n" * 60 + "add_column x, :b, :text",
    "doubling a list": "x = [1]\n" + "x = x + x\n" * 60 + "x.each { add_column :a, :b, :c }",
    "powers": "add_column :a, :b, :integer, default: 2**(2**(2**64))",
    "itself": "  end\n\n  def a\n    a\n    b\n  end\n\n  def b\n    a\n",
    "heredocs": "execute <<~A\n" * 300,
    "control characters": "\x00\x1b\ud800add_column :a, :b, :c",
}


def _inside(span: Span, text: str) -> bool:
    return 0 <= span.start <= span.end <= len(text)


def _check(migration: Migration) -> None:
    text = migration.source.text
    for section in migration.sections:
        assert _inside(section.span, text)
        for step in section.steps:
            assert _inside(step.span, text)
            for operation in step.operations:
                assert _inside(operation.span, text)
                for action in operation.actions:
                    assert _inside(action.span, text)
                    assert action.guard is None or _inside(action.guard.span, text)
    assert all(_inside(trouble.span, text) for trouble in migration.troubles)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_every_prefix_is_read(path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]  # a path of the parameters
    for end in range(len(text)):
        _check(read_text(text[:end], DIALECTS[end % len(DIALECTS)]))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_time(name: str) -> None:
    began = time.perf_counter()
    _check(read_text(f"{_HEAD}{HOSTILE[name]}\n  end\nend\n"))
    _check(read_text(f"{_HEAD}{HOSTILE[name]}", "mysql"))
    assert time.perf_counter() - began < 10


_WORDS = st.sampled_from(
    (
        "add_column", "create_table", "t.string", ":a", '"b"', "do |t|", "end", "{", "}", "(", ")", "[", "]", ",", "=>",
        "if", "unless", "return", "def", "change", "up", "class", "<<~SQL\n", "\nSQL\n", "#{", "execute", "%w[a",
        "each", "|x|", "transaction", "reversible", "revert", "ActiveRecord::Migration[7.0]", "<", "=", "&&", "!",
        "nil", "1", ".", "\n", "é", "😀", "#", "'", "case", "when", "begin", "rescue", "yield", "**", "*", "&", ":",
        "?",
    )
)  # fmt: skip


@given(st.lists(_WORDS, max_size=60).map(" ".join), st.sampled_from(DIALECTS))
def test_any_words_are_read(text: str, dialect: str) -> None:
    _check(read_text(text, dialect))
    _check(read_text(f"{_HEAD}{text}\n  end\nend\n", dialect))
