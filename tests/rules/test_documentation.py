"""That every rule has a page of the agreed form, and that the pages in docs/ say what the rules' files say."""

from __future__ import annotations

import pytest

from partway.dialects import NAMES
from partway.rules import all_rules
from tests.rules.documentation import HEADINGS, examples, sections
from tests.rules.pages import FOLDER, pages


@pytest.mark.parametrize("name", all_rules())
def test_form(name: str) -> None:
    """A summary that fits a table, and every heading once, in order, with text."""
    rule = all_rules()[name]
    summary, _, rest = rule.documentation.strip().partition("\n")
    assert len(summary) <= 100
    assert summary.endswith(".")
    assert not rest.splitlines()[0]
    found = sections(rule.documentation)
    assert list(found)[1:] == HEADINGS
    assert all(found.values())


@pytest.mark.parametrize("name", all_rules())
def test_examples(name: str) -> None:
    """Both kinds, each under its own heading, in a dialect that there is."""
    found = sections(all_rules()[name].documentation)
    shown = examples(name)
    assert {example.verdict for example in shown} == {"bad", "good"}
    for example in shown:
        assert example.text in found[example.verdict.capitalize()]
        assert example.dialect in NAMES


def test_pages_are_up_to_date() -> None:
    """The committed pages say what the rules' files say; `python -m tests.rules.pages` writes them anew."""
    committed = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    wanted = pages()
    assert set(committed) == set(wanted)
    stale = [name for name, text in wanted.items() if committed[name] != text]
    assert not stale, "write them anew: python -m tests.rules.pages"
