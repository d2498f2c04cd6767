"""Books and catalog set against each other, on real engines through real tools: the verdict and its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from partway.core.source import SourceFile
from partway.live.connect import connect
from partway.live.snapshot.take import take_snapshot
from partway.live.state import standing
from partway.live.url import read_url
from partway.tools.choice import Choice
from partway.tools.history import Lock
from partway.tools.reading import read
from partway.tools.recorded import held
from partway.verdict import Judged, Verdict, judge
from tests.engines.lab import Lab
from tests.history.conftest import RealTools
from tests.history.scenes import MEND, TEXTS, look, moment
from tests.history.tools import Migrations, Tool

# The tools that every test run has, and one engine each on which a failure leaves something behind.
CASES = [(tool, "mariadb") for tool in ("flyway", "dbmate", "rails", "django", "alembic")]
CASES += [(tool, "postgresql18") for tool in ("flyway", "rails")]


class Situation(NamedTuple):
    """One tool with the first two migrations written, the second of which has just failed."""

    tool: Tool
    lab: Lab

    def judge(self, number: int, numbers: Sequence[int] = (1, 2), lock: str = "") -> Judged:
        """The verdict on the migration with this number."""
        files = self.tool.files(Migrations({n: TEXTS[n] for n in numbers}, frozenset({2})))
        seen = look(self.lab, self.tool.name, self.tool.settings, files)
        found = moment(self.tool.name, self.lab.dialect, self.tool.settings, seen)
        # The statements are read as SQL: the readers of Ruby and Python are not what is tested here.
        choice = Choice("sql", self.lab.dialect)
        operations = read(SourceFile("x.sql", TEXTS[number]), choice).sections[0].operations
        with_session = connect(read_url(self.lab.url))
        try:
            states = standing(operations, take_snapshot(with_session, operations))
        finally:
            with_session.close()
        return judge(found.recorded(number), states, operations, lock)

    def mark(self) -> None:
        """Mark the second migration as done."""
        files = self.tool.files(Migrations({n: TEXTS[n] for n in (1, 2)}, frozenset({2})))
        seen = look(self.lab, self.tool.name, self.tool.settings, files)
        found = moment(self.tool.name, self.lab.dialect, self.tool.settings, seen)
        self.lab.execute(*found.marking(2).sql)


@pytest.fixture(params=CASES, ids="-".join)
def situation(request: pytest.FixtureRequest, real_tools: RealTools) -> Situation:
    """Each of the tools, after its second migration failed."""
    tool = real_tools.tool(*request.param)
    assert tool, "every test run has it"
    tool.lab.fresh()
    tool.write(tool.files(Migrations({n: TEXTS[n] for n in (1, 2)}, frozenset({2}))))
    assert not tool.up().ok
    return Situation(tool, tool.lab)


def test_the_story_of_a_half_failed_migration(situation: Situation) -> None:
    complete = situation.judge(1)
    assert complete.verdict is Verdict.COMPLETE, complete
    assert complete.words.startswith("recorded as applied")
    # The second statement's table is the first migration's, so a name that the second migration wants is taken.
    failed = situation.judge(2)
    assert failed.verdict is Verdict.HALF_WAY, failed
    assert failed.words.endswith("it failed half way")
    assert "of 3 operations applied" in failed.words
    running = situation.judge(2, lock=held(Lock((1,), "the lock"), ()))
    assert running.verdict is Verdict.HALF_WAY, "nobody holds it"

    situation.lab.execute(*MEND)
    mended = situation.judge(2)
    assert mended.verdict is Verdict.UNRECORDED, mended
    situation.mark()
    assert situation.judge(2).verdict is Verdict.COMPLETE
    situation.lab.execute("DROP TABLE three")
    missing = situation.judge(2)
    assert missing.verdict is Verdict.INCOMPLETE, missing
    assert missing.words.startswith("recorded as applied")
    assert "three" in missing.words
    assert missing.troubled


def test_what_has_not_run_is_pending(situation: Situation) -> None:
    pending = situation.judge(10, (1, 2, 10))
    assert pending.verdict is Verdict.PENDING, pending
    assert pending.troubled is False
    assert pending.words.startswith("not recorded")
