"""Linting a text through its versions gives exactly what linting each by itself gives: findings, advice and fixes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partway import linting
from partway.analysis import Analysis, analyse
from partway.core.source import SourceFile
from partway.dialects import NAMES
from partway.linting import ALL, Linted, Selection, lint
from partway.tools.choice import Choice
from partway.versions import Versions
from tests.unit.test_earlier import _edited, edits, texts

#: Typing in what stands between statements: comments grow and shrink, lines come and go, directives appear.
_TYPED = ["x", " ", "-- y", "é", "\n", "\t", "", " partway: ignore", " +goose NO TRANSACTION", "/* z */", ";"]
typing = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["line end", "line start"]), st.sampled_from(_TYPED)),
    min_size=1,
    max_size=12,
)


def _lint(text: str, choice: Choice, versions: Versions | None = None) -> Linted:
    return lint(SourceFile("1_x.sql", text), choice, Selection((ALL,)), versions=versions)


def _typed(text: str, change: tuple[int, str, str]) -> str:
    number, where, piece = change
    lines = text.split("\n")
    number = min(number, len(lines) - 1)
    lines[number] = lines[number] + piece if where == "line end" else piece + lines[number]
    return "\n".join(lines)


def _same(again: Linted, whole: Linted) -> None:
    # What is shown at first, then what is worked out when somebody asks.
    assert [(one.message, one.known_help) for one in again.diagnostics] == [
        (one.message, one.known_help) for one in whole.diagnostics
    ]
    assert again.diagnostics == whole.diagnostics


@pytest.mark.parametrize("dialect", NAMES)
@pytest.mark.parametrize("tool", ["sql", "goose"])
@given(text=texts, changes=edits, typed=typing)
@settings(max_examples=100, deadline=None)
def test_versions_are_linted_as_texts_by_themselves(
    dialect: str, tool: str, text: str, changes: list[tuple[int, int, str]], typed: list[tuple[int, str, str]]
) -> None:
    if tool == "goose":
        text = f"-- +goose Up\n{text}\n-- +goose Down\n{text}\n"
    versions, choice = Versions(), Choice(tool, dialect)
    for edited in [None, *typed, *changes[:2], *typed]:
        if edited is not None:
            text = _edited(text, edited) if isinstance(edited[1], int) else _typed(text, edited)
        _same(_lint(text, choice, versions), _lint(text, choice))


def test_a_comment_is_typed_without_judging_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Analysis] = []

    def counted(*given: Any) -> Analysis:
        judged.append(analyse(*given))
        return judged[-1]

    monkeypatch.setattr(linting, "analyse", counted)
    text = "CREATE TABLE a (id int);\n-- \nDROP TABLE b;\n"
    versions, choice = Versions(), Choice("sql", "mysql")
    first = again = _lint(text, choice, versions)
    for word in ("w", "wo", "wor", "word"):
        again = _lint(text.replace("-- ", f"-- {word}"), choice, versions)
    assert len(judged) == 1
    assert [one.span.start for one in again.diagnostics] == [
        one.span.start + (len("word") if one.span.start > text.index("--") else 0)
        for one in first.diagnostics
    ]
    fixes = [one.fix for one in again.diagnostics if one.rule == "unguarded-drop"]
    assert len(judged) == 2, "who asks for a fix has the version judged"
    assert fixes[0] is not None
    assert fixes[0].edits[0].span.start == text.index(" b;") + len("word")


def test_another_selection_is_another_judgement() -> None:
    versions, choice = Versions(), Choice("sql", "mysql")
    text = "CREATE TABLE a (id int);\nDROP TABLE b;\n"
    assert _lint(text, choice, versions).diagnostics
    none = lint(SourceFile("1_x.sql", text), choice, Selection(None, (ALL,)), versions=versions)
    assert none.diagnostics == []
