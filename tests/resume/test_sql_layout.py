"""A formatter's linter of SQL finds nothing in resume migrations but what their authors wrote so: sqlfluff's rules for
layout. Some cases of each database; what sqlfluff cannot parse is counted and passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import pytest
from sqlfluff.core import FluffConfig, Linter

from tests.resume.sql.migrations import Case
from tests.resume.test_sql_text import texts

#: Spaces, indents, lines of 120 characters, one line's end at the end of a file, keywords in upper case.
RULES = "LT01,LT02,LT05,LT12,CP01"
#: By engine: what sqlfluff calls it, and how many texts are passed over between two, for it takes its time.
ENGINES = {
    "postgresql18": ("postgres", 6),
    "mariadb": ("mariadb", 12),
    "mysql": ("mysql", 12),
    "sqlite": ("sqlite", 6),
}
#: Guards that are written into the author's lines.
_GUARD = re.compile(r"(IF (NOT )?EXISTS|OR REPLACE|CONCURRENTLY) ", re.IGNORECASE)


def linter(dialect: str) -> Linter:
    """sqlfluff, with a first condition beside WHERE and the others below it."""
    config = FluffConfig(
        configs={
            "core": {"dialect": dialect, "rules": RULES, "max_line_length": 120},
            "indentation": {"implicit_indents": "allow"},
            "rules": {"capitalisation.keywords": {"capitalisation_policy": "upper"}},
        }
    )
    return Linter(config)


def written(case: Case, line: str) -> bool:
    """Whether the author wrote a line: it may have got a guard, and stand in quotes."""
    plain = _GUARD.sub("", line.strip()).strip("';,").replace("''", "'")
    return plain in _GUARD.sub("", case.up).replace("''", "'")


def found(lint: Linter, case: Case, text: str) -> Iterator[str] | None:
    """What is said of the lines that are Partway's; None where the text cannot be parsed."""
    # sqlfluff knows no collation in SQLite's expressions.
    text = text.replace("\r\n", "\n").replace(" COLLATE NOCASE", "")
    said = lint.lint_string(text).get_violations()
    if any(one.rule_code() == "PRS" for one in said):
        return None
    lines = text.splitlines()
    lower = case.up == case.up.lower()  # its author writes keywords so, and Partway with him
    return (
        f"{case.name}, line {one.line_no}: {one.rule_code()} {one.desc()}\n{text}"
        for one in said
        if not written(case, lines[one.line_no - 1]) and not (lower and one.rule_code() == "CP01")
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_said_of_their_layout(engine: str) -> None:
    dialect, step = ENGINES[engine]
    lint, parsed, unparsed = linter(dialect), 0, 0
    # An odd step: of every case there are two texts.
    for case, text in islice(texts(engine), 0, None, step | 1):
        said = found(lint, case, text)
        if said is None:
            unparsed += 1
            continue
        parsed += 1
        assert not (one := next(said, "")), one
    assert parsed > 5 * unparsed, f"{unparsed} of {parsed + unparsed} cannot be parsed"
