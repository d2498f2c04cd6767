"""The statements of `statements/*.yaml`, and Partway's verdicts on them.

A file holds one dialect family: `setup` makes the tables, each of `cases` is one statement with what the engines do
when it is run a second time (`repeat`), what becomes of it in a transaction that is rolled back (`in_transaction`,
rolls-back where it is not written), and what Partway says where it does not know the tables and so says less (`says`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from partway.core.operation import Action
from partway.dialects import dialect_named
from partway.sql.data.context import NOTHING_KNOWN, DataContext
from partway.sql.data.statement import read_data
from partway.sql.lexer import lex
from partway.sql.reader import read_steps
from partway.sql.statements import split

FOLDER = Path(__file__).with_name("statements")
FAMILIES = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}

#: From bad to good: what a statement does is what the worst of its actions does.
_ORDER = ("same", "unknown", "changes", "fails")


@dataclass(frozen=True)
class Case:
    """One statement and what the engines do with it."""

    sql: str
    repeat: str
    says: str
    in_transaction: str


@cache
def load(family: str) -> tuple[str, tuple[Case, ...]]:
    """The set-up and the statements of one family."""
    content = yaml.safe_load((FOLDER / f"{family}.yaml").read_text())
    cases = [
        Case(case["sql"], case["repeat"], case.get("says", ""), case.get("in_transaction", "rolls-back"))
        for case in content["cases"]
    ]
    return content["setup"], tuple(cases)


def actions(sql: str, dialect: str, context: DataContext = NOTHING_KNOWN) -> list[Action]:
    """The actions of the only statement in a text, read by itself."""
    spoken = dialect_named(dialect)
    statements = split(lex(sql, spoken.lexis).tokens)
    assert len(statements) == 1, sql
    found = read_data(sql, statements[0].tokens, spoken, (), context)
    assert found is not None, sql
    return found


def verdict(found: list[Action]) -> str:
    """What a statement with these actions does when it is repeated."""
    return max((action.repeat.value for action in found), key=_ORDER.index, default="same")


def verdict_after(setup: str, sql: str, dialect: str) -> str:
    """The verdict on the last statement of a file that makes the tables first."""
    text = f"{setup}\n{sql};\n"
    steps = read_steps(text, 0, len(text), dialect_named(dialect), (), "up").steps
    operations = steps[-1].operations
    return max((operation.repeat.value for operation in operations), key=_ORDER.index, default="same")
