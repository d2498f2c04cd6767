"""The options of CREATE TABLE are read to their end, whatever stands among them."""

from __future__ import annotations

import pytest

from partway.dialects import dialect_named
from partway.sql.reader import read_steps


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    "options", ["UNION = (a, b) ENGINE = MyISAM", "(b int) ENGINE = MyISAM", "FOO ((), (x)) ENGINE=MyISAM"]
)
def test_what_stands_in_parentheses_is_passed_over(dialect: str, options: str) -> None:
    text = f"CREATE TABLE t (a int) {options}"
    (step,) = read_steps(text, 0, len(text), dialect_named(dialect), (), "up").steps
    assert ("engine", "myisam") in step.operations[0].postconditions[0].attributes
