"""Partway's verdicts on data changes against what the engines were seen to do; `test_engines` sees again."""

from __future__ import annotations

import pytest

from tests.data.cases import FAMILIES, Case, actions, load, verdict, verdict_after


def all_cases() -> list[tuple[str, Case]]:
    return [(dialect, case) for dialect, family in FAMILIES.items() for case in load(family)[1]]


@pytest.mark.parametrize(("dialect", "case"), all_cases(), ids=lambda value: getattr(value, "sql", value))
def test_verdict_by_the_statement_alone(dialect: str, case: Case) -> None:
    assert verdict(actions(case.sql, dialect)) == (case.says or case.repeat)


@pytest.mark.parametrize(("dialect", "case"), all_cases(), ids=lambda value: getattr(value, "sql", value))
def test_verdict_where_the_file_makes_the_tables(dialect: str, case: Case) -> None:
    setup = load(FAMILIES[dialect])[0]
    said = verdict_after(setup, case.sql, dialect)
    assert said in {case.repeat, "unknown"} if case.says == "unknown" else said == case.repeat


@pytest.mark.parametrize(("dialect", "case"), all_cases(), ids=lambda value: getattr(value, "sql", value))
def test_verdict_in_a_transaction(dialect: str, case: Case) -> None:
    endings = {action.in_transaction.value for action in actions(case.sql, dialect)}
    assert case.in_transaction in endings


def test_unknown_is_the_exception() -> None:
    cases = [case for _, case in all_cases()]
    assert len(cases) > 300
    assert sum(case.says == "unknown" for case in cases) <= len(cases) * 0.04
