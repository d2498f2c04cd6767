"""Partway's verdicts against what the engines did, from the committed observations; no server is needed."""

from __future__ import annotations

import pytest

from tests.engines.servers import ENGINES
from tests.truth.report import QUESTIONS, disagreements, engine_truth, score
from tests.truth.verdicts import partway

# What the project promises for every engine and both questions.
LEAST_F1 = 0.98

# So many statements at least, by dialect family.
LEAST_STATEMENTS = {"postgresql": 770, "mysql": 290, "mariadb": 330, "sqlite": 130}


@pytest.mark.parametrize("name", ENGINES)
def test_verdicts_agree_with_the_engine(name: str) -> None:
    engine = engine_truth(name)
    said = partway(engine.cases, ENGINES[name].dialect, engine.server_version)
    wrong = "\n".join(disagreements(engine, said))
    for question, attribute in QUESTIONS.items():
        result = score(engine.truth, said, attribute)
        assert result.f1 >= LEAST_F1, f"{name}, {question}: {result}\n{wrong}"


@pytest.mark.parametrize("name", ENGINES)
def test_the_set_is_broad(name: str) -> None:
    engine = engine_truth(name)
    assert len(engine.cases) >= LEAST_STATEMENTS[ENGINES[name].dialect]
    # Both answers occur often enough to tell a good verdict from a constant one.
    for attribute in QUESTIONS.values():
        positive = sum(getattr(verdict, attribute) for verdict in engine.truth.values())
        assert 5 <= positive <= len(engine.cases) - 5
