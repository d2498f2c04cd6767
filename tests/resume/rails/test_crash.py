"""Some points of some migrations; `python -m tests.resume.rails.crash` stops at all points of all of them."""

from __future__ import annotations

import pytest

from tests.resume.rails.crash import Crash
from tests.resume.rails.migrations import CASES
from tests.runners.plugin import Runners

#: Migrations and the statements after which each is stopped.
SHORT: dict[str, dict[str, tuple[int, ...]]] = {
    "postgresql18": {
        "inner indexes": (2,),
        "renames": (1,),
        "concurrently": (2, 4),
        "types": (3,),
        "appended": (3,),
    },
    "mariadb": {"roles": (3,), "bulk": (1,), "references": (4,), "models": (2,), "reverted": (1,)},
    "sqlite": {
        "changed table": (4,),
        "two keys": (2,),
        "loops": (3,),
        "conditions": (2,),
        "checks": (2,),
        "renames": (4,),  # between the two statements of its rename_index
    },
}


@pytest.mark.parametrize(
    ("engine", "name"), [pytest.param(engine, name) for engine, names in SHORT.items() for name in names]
)
def test_finished_as_if_it_had_not_stopped(engine: str, name: str, runners: Runners) -> None:
    points = SHORT[engine][name]
    tally = Crash(runners.rails(engine), name, CASES[name]).run(points)
    assert not tally.wrong, "\n".join(tally.reasons())
    assert tally.recovered == tally.points == len(points), tally.reasons()
