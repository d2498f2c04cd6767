"""A part of what `python -m tests.resume.alembic.crash` runs: some revisions, each stopped at one or two places."""

from __future__ import annotations

import pytest

from tests.resume.alembic.crash import Crash
from tests.resume.alembic.migrations import CASES
from tests.runners.plugin import Runners

#: Where each is stopped: behind so many statements.
SHORT: dict[str, tuple[str, tuple[int, ...]]] = {
    "roles": ("mariadb", (1, 3)),
    "inner indexes": ("mariadb", (2,)),
    "nameless keys on MariaDB": ("mariadb", (3,)),
    "loops": ("sqlite", (4,)),
    "rebuilds": ("sqlite", (1,)),
    "helper function": ("sqlite", (4,)),
    "table anew": ("postgresql18", (3,)),
    "concurrently": ("postgresql18", (2,)),
    "enum with its table": ("postgresql18", (1,)),
    "seeded table": ("postgresql18", (2,)),
    "counted up": ("postgresql18", (2,)),
}


@pytest.mark.parametrize(("name", "engine", "points"), [(n, *where) for n, where in SHORT.items()])
def test_resumed_is_equal_to_undisturbed(
    name: str, engine: str, points: tuple[int, ...], runners: Runners
) -> None:
    case = CASES[name]
    tally = Crash(runners.alembic(engine), name, case).run(points)
    assert tally.points > 0
    assert not tally.wrong, "\n".join(tally.reasons())
    assert bool(tally.refused) == bool(case.refused), tally.reasons()
