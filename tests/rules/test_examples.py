"""That every example in the rules' documentation is what it is said to be."""

from __future__ import annotations

import pytest

from partway.core.diagnostic import Group
from partway.rules import all_rules
from tests.rules.documentation import Example, all_examples
from tests.rules.runner import findings, fixed, migration

#: Kinds of statements that a fix may add or take away: what guards are made of, and transaction control.
_ADDED = {
    "begin",
    "commit",
    "rollback",
    "drop-policy",
    "drop-trigger",
    "drop-event-trigger",
    "drop-view",
    "drop-index",
    "set",
    "prepare",
    "deallocate",
    "select",
    "do",
}


@pytest.mark.parametrize("example", all_examples("bad"), ids=str)
def test_bad(example: Example) -> None:
    """Exactly this rule speaks, on the lines given."""
    found = findings(example)
    source = migration(example).source
    lines = [source.position(one.span.start).line for one in found]
    if example.lines is None:
        assert len(found) == 1, lines
    else:
        assert lines == example.lines
    for one in found:
        assert one.message
        assert one.help
        assert 0 <= one.span.start < one.span.end <= len(source.text)


@pytest.mark.parametrize("example", all_examples("good"), ids=str)
def test_good(example: Example) -> None:
    """Nothing to say, and nothing that could not be read."""
    assert not findings(example)
    assert not migration(example).troubles


@pytest.mark.parametrize("example", all_examples("bad", "good"), ids=str)
def test_nothing_is_said_twice(example: Example) -> None:
    """No operation is the business of two idempotency rules."""
    operations = [one for section in migration(example).sections for one in section.operations]
    found = findings(example, Group.IDEMPOTENCY)
    for operation in operations:
        start, end = operation.statement
        rules = [one.rule for one in found if start <= one.span.start < end]
        assert len(rules) < 2, example.text[start:end]


@pytest.mark.parametrize("example", all_examples("bad"), ids=str)
def test_suppression(example: Example) -> None:
    """A comment above the line hides the finding; where that is about a tool's directive, one for the file does."""
    lines = example.text.splitlines(keepends=True)
    source = migration(example).source
    comment = example.comment
    if any(example.text[slice(*one.span)].startswith("--") for one in findings(example)):
        assert not findings(example, text=f"{example.text}{comment} partway: ignore-file[{example.rule}]\n")
        return
    for number in sorted({source.position(one.span.start).line for one in findings(example)}, reverse=True):
        lines.insert(number - 1, f"{comment} partway: ignore[{example.rule}]\n")
    assert not findings(example, text="".join(lines))


@pytest.mark.parametrize("example", all_examples("bad"), ids=str)
def test_fix(example: Example) -> None:
    """The fixed text is read, leaves the rule nothing to say, and still does what the example does."""
    offered = [one for one in findings(example) if one.fix]
    if not offered or example.options.get("fix") == "no":
        assert not offered or example.options.get("fix") != "no", "marked fix=no, but there is one"
        assert example.options.get("fix") == "no" or _promises_nothing(example.rule)
        return
    mended = fixed(example)
    assert mended.source.text != example.text
    assert not mended.refused
    assert not mended.diagnostics
    assert fixed(example, mended.source.text).source.text == mended.source.text
    after = migration(example, mended.source.text)
    assert not after.troubles
    wanted = [
        action.kind
        for section in migration(example).sections
        for one in section.operations
        for action in one.actions
    ]
    found = [
        action.kind for section in after.sections for one in section.operations for action in one.actions
    ]
    assert "opaque" not in found
    wanted, found = ([kind for kind in kinds if kind not in _ADDED] for kinds in (wanted, found))
    # What could not be taken back for a vain option can be now.
    assert [then if now == "irreversible" else now for now, then in zip(wanted, found, strict=True)] == found


def _promises_nothing(rule: str) -> bool:
    """Whether the page says that there is no fix."""
    return all_rules()[rule].documentation.partition("## Fix\n")[2].strip().startswith("None")
