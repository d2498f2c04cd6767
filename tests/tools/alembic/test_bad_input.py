"""Alembic's revisions half typed, hostile, or none at all: read without an error, and nothing outside the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partway.core.edit import apply_edits
from partway.core.migration import Migration
from partway.core.source import SourceFile
from partway.linting import ALL, Selection, lint
from partway.tools.choice import Choice
from partway.tools.reading import read

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.py"))
HEAD = 'from alembic import op\nimport sqlalchemy as sa\nrevision = "a"\ndown_revision = None\ndef upgrade():\n    '


def checked(text: str, dialect: str = "mysql") -> Migration:
    """The revision, once it is sure that everything in it stands inside the text."""
    found = read(SourceFile("versions/x.py", text), Choice(tool="alembic", dialect=dialect))
    for section in found.sections:
        for operation in section.operations:
            spans = [operation.span, operation.statement, *(action.span for action in operation.actions)]
            spans += [action.guard.span for action in operation.actions if action.guard is not None]
            assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    for comment in found.comments:
        assert text[comment.span.start : comment.span.end] == comment.text
    return found


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_every_beginning_of_a_revision(path: Path, dialect: str) -> None:
    text = path.read_text(encoding="utf-8")
    for end in range(0, len(text) + 1, 3):
        checked(text[:end], dialect)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_findings_and_fixes_of_what_is_half_typed(path: Path, dialect: str) -> None:
    text = path.read_text(encoding="utf-8").replace('("orgs"', "(ORGS")
    for end in range(0, len(text) + 1, 61):
        source = SourceFile("versions/x.py", text[:end])
        found = lint(source, Choice(tool="alembic", dialect=dialect), Selection((ALL,)))
        for one in found.diagnostics:
            assert 0 <= one.span.start <= one.span.end <= end
            if one.fix is not None:
                apply_edits(source.text, one.fix.edits)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_revision_with_a_hole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for at in range(0, len(text), 11):
        checked(text[:at] + text[at + 7 :])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    checked(text)
    checked(HEAD + text)


_WORDS = [
    "op",
    ".",
    "(",
    ")",
    "[",
    "]",
    "if ",
    "for ",
    "x",
    " in ",
    ":",
    "\n    ",
    "'a'",
    "f'{x}'",
    "=",
    ",",
    "not ",
    "sa",
    "create_table",
    "Column",
    "def ",
    "upgrade",
    "return ",
    "with ",
    " as ",
    "lambda",
    "*",
    "**",
    "{",
    "}",
    "%",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=60))
def test_any_words(words: list[str]) -> None:
    checked(HEAD + "".join(words))


@pytest.mark.parametrize(
    "body",
    [
        "op.create_table(" * 2000,
        "op.execute(" + "(" * 5000 + "'x'" + ")" * 5000 + ")",
        "op.execute(" + "'a' + " * 5000 + "'b')",
        "op.create_table('t', " + "sa.Column('c', sa.Integer), " * 5000 + ")",
        "if x:\n    " + "".join("    " * n + "if x:\n    " for n in range(1, 300)) + "    " * 300 + "pass",
        "for a in range(10**9):\n        op.drop_table(a)",
        "for a in range(400):\n        for b in range(400):\n            op.drop_table(f'{a}_{b}')",
        "upgrade()",
        "f()\ndef f():\n    g()\ndef g():\n    f()\n    g()",
        "return f(1)\ndef f(n):\n    if n: return f(n - 1)\n    return f(n + 1)",
        "\n    ".join(["x = [x, x]"] * 200) + "\n    op.bulk_insert(x, x)",
        "x = sa.table('a')\n    " + "x = x.update()\n    " * 500 + "op.execute(x)",
        "op.execute(f'" + "{x}" * 3000 + "')",
        "op.execute('" + "SELECT 1;" * 3000 + "')",
        "try:\n" * 500,
        "with op.batch_alter_table('t') as b:\n        " + "b.drop_column('c')\n        " * 500,
    ],
    ids=range(16),
)
def test_hostile_revisions(body: str) -> None:
    checked(HEAD + body)


def test_loops_are_not_followed_for_ever() -> None:
    found = checked(HEAD + "for a in range(5000):\n        op.drop_table(f't{a}')")
    assert 1 <= len(found.sections[0].operations) <= 500
