"""Some of Django's migrations, stopped at some points; `python -m tests.resume.django.crash` does all of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.resume.django.crash import ENGINES, Crash
from tests.resume.django.migrations import MIGRATIONS
from tests.runners.plugin import Runners

#: By migration, after how many statements.
POINTS = {
    "made and dropped": (3,),
    "people, create": (1, 6),
    "people, alter": (4, 9),
    "table renamed": (1,),
    "deferred and changed": (5, 8),
    "statements": (2,),
    "code between": (5,),
    "concurrently": (2,),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_among_sets_it_is_right_or_refused(runners: Runners, tmp_path: Path, engine: str) -> None:
    """Python goes through a set in an order of its own in each process: what ran first cannot be told from the file."""
    runner = runners.django(engine)
    name = "sets exchanged"
    tally = Crash(runner, MIGRATIONS[name], name, tmp_path).run((1, 2, 3), elsewhere=False)
    assert not tally.wrong, tally.reasons()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", POINTS)
def test_stopped_and_resumed(runners: Runners, tmp_path: Path, engine: str, name: str) -> None:
    runner = runners.django(engine)
    case = MIGRATIONS[name]
    if not case.runs_on(runner.lab.dialect):
        return
    tally = Crash(runner, case, name, tmp_path).run(POINTS[name], elsewhere=name == "people, create")
    assert not tally.wrong, tally.reasons()
    assert not tally.refused, tally.reasons()
    assert tally.recovered == tally.points > 0
