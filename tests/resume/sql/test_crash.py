"""Migrations in SQL, each stopped at one point: its resume migration ends as an undisturbed run. All points of all of
them are stopped at by `python -m tests.resume.sql.crash`."""

from __future__ import annotations

import pytest

from tests.engines.plugin import Labs
from tests.resume.sql.crash import ENGINES, crash
from tests.resume.sql.migrations import cases

#: Of so many migrations of a server, one is stopped here. SQLite takes next to no time.
_OF = {"sqlite": 2, "postgresql18": 6, "mariadb": 6, "mysql": 9}


@pytest.mark.parametrize("engine", ENGINES)
def test_resumes_end_as_an_undisturbed_run(engine: str, labs: Labs) -> None:
    lab = labs(engine)
    for number, case in enumerate(cases(engine)):
        if number % _OF[engine] == 0:
            tally = crash(lab, case, number, most=1)
            assert not tally.wrong, tally.wrong[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_there_are_enough(engine: str) -> None:
    assert len(cases(engine)) >= 40
