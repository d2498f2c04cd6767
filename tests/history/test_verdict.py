"""Books and catalog set against each other, on real engines through real tools: the verdict and its sentence."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from partway.core.source import SourceFile
from partway.dialects.questions import questions
from partway.live.connect import connect
from partway.live.snapshot.take import take_snapshot
from partway.live.state import Standing, standing
from partway.live.url import read_url
from partway.tools.choice import Choice
from partway.tools.history import Record, read_holders
from partway.tools.reading import read
from partway.tools.recorded import Recorded, held
from partway.verdict import Judged, Verdict, judge
from tests.engines.lab import Lab
from tests.history.conftest import RealTools
from tests.history.scenes import MEND, TEXTS, Moment, look, moment
from tests.history.tools import Migrations, Tool

# Engines on which a failure leaves something behind. The first three are there in every test run.
CASES = [(tool, "mariadb") for tool in ("rails", "django", "alembic", "flyway", "dbmate")]
CASES += [(tool, "postgresql18") for tool in ("rails", "flyway")]


class Situation(NamedTuple):
    """One tool with its project; `texts` are the migrations that are written now."""

    tool: Tool
    texts: Mapping[int, str]

    @property
    def lab(self) -> Lab:
        """The engine."""
        return self.tool.lab

    def moment(self) -> Moment:
        """What the history says now."""
        files = self.tool.files(Migrations(self.texts, frozenset({2})))
        seen = look(self.lab, self.tool.name, self.tool.settings, files)
        return moment(self.tool.name, self.lab.dialect, self.tool.settings, seen)

    def judge(self, number: int, held: str = "") -> Judged:
        """The verdict on the migration with this number."""
        found = self.moment()
        # The statements are read as SQL: the readers of Ruby and Python are not what is tested here.
        choice = Choice("sql", self.lab.dialect)
        operations = read(SourceFile("x.sql", self.texts[number]), choice).sections[0].operations
        session = connect(read_url(self.lab.url))
        try:
            states = standing(operations, take_snapshot(session, operations))
        finally:
            session.close()
        return judge(found.recorded(number), states, operations, held)

    def holders(self) -> str:
        """Who holds the tool's lock, in words."""
        found, asked = self.moment(), questions(self.lab.dialect)
        lock = found.module.lock(found.target, found.history.table)
        assert lock
        assert asked.holders
        return held(lock, read_holders(self.lab.rows(asked.holders(lock.keys))))

    def up(self) -> bool:
        """Write the project and run what is pending."""
        self.tool.write(self.tool.files(Migrations(self.texts, frozenset({2}))))
        return self.tool.up().ok


def _situation(real_tools: RealTools, name: str, engine: str, texts: Mapping[int, str]) -> Situation | None:
    """None where this machine does not have the tool, which is said at the end of the run."""
    tool = real_tools.tool(name, engine)
    if tool is None:
        return None
    tool.lab.fresh()
    return Situation(tool, texts)


@pytest.fixture(params=CASES, ids="-".join)
def situation(request: pytest.FixtureRequest, real_tools: RealTools) -> Situation | None:
    """Each of the tools, after its second migration failed."""
    name, engine = request.param
    found = _situation(real_tools, name, engine, {number: TEXTS[number] for number in (1, 2)})
    assert found is None or not found.up()
    return found


def test_the_story_of_a_half_failed_migration(situation: Situation | None) -> None:
    if situation is None:
        return
    complete = situation.judge(1)
    assert complete.verdict is Verdict.COMPLETE, complete
    assert complete.words.startswith("recorded as applied")
    failed = situation.judge(2)
    assert failed.verdict is Verdict.HALF_WAY, failed
    assert failed.words.endswith("it failed half way")
    assert "of 3 operations applied" in failed.words
    assert failed.troubled

    situation.lab.execute(*MEND)
    mended = situation.judge(2)
    assert mended.verdict is Verdict.UNRECORDED, mended
    situation.lab.execute(*situation.moment().marking(2).sql)
    assert situation.judge(2).verdict is Verdict.COMPLETE
    situation.lab.execute("DROP TABLE three")
    missing = situation.judge(2)
    assert missing.verdict is Verdict.INCOMPLETE, missing
    assert missing.words.startswith("recorded as applied")
    assert "three" in missing.words
    assert missing.troubled


def test_what_has_not_run_is_pending(situation: Situation | None) -> None:
    if situation is None:
        return
    pending = situation._replace(texts=TEXTS).judge(10)
    assert pending.verdict is Verdict.PENDING, pending
    assert pending.troubled is False
    assert pending.words.startswith("not recorded")


def test_a_failed_record_of_which_nothing_is_left_blocks_the_tool(real_tools: RealTools) -> None:
    texts = {1: TEXTS[1], 2: "ALTER TABLE nothing ADD COLUMN a int;\nCREATE TABLE two (id int);\n"}
    found = _situation(real_tools, "flyway", "mariadb", texts)
    if found is None:
        return
    assert not found.up()
    blocked = found.judge(2)
    assert blocked.verdict is Verdict.BLOCKED, blocked
    assert blocked.words.startswith("recorded as failed")
    assert "once the record is cleared" in blocked.words


def test_what_a_later_migration_may_have_removed_is_no_alarm(real_tools: RealTools) -> None:
    texts = {1: TEXTS[1], 2: "CREATE TABLE two (id int);\n", 10: "DROP TABLE two;\n"}
    found = _situation(real_tools, "dbmate", "postgresql18", texts)
    if found is None:
        return
    assert found.up()
    unclear = found.judge(2)
    assert unclear.verdict is Verdict.UNCLEAR, unclear
    assert unclear.troubled is None
    assert "010 has run since" in unclear.words
    assert found.judge(10).verdict is Verdict.COMPLETE


def test_what_runs_at_this_moment_is_in_progress(real_tools: RealTools) -> None:
    texts = {1: TEXTS[1], 2: "CREATE TABLE two (id int);\nDO SLEEP(4);\nCREATE TABLE three (id int);\n"}
    found = _situation(real_tools, "flyway", "mariadb", {1: texts[1]})
    if found is None:
        return
    assert found.up()
    found = found._replace(texts=texts)
    found.tool.write(found.tool.files(Migrations(texts)))
    running = found.tool.start()
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not found.lab.rows("SHOW TABLES LIKE 'two'"):
            time.sleep(0.1)
        judged = found.judge(2, found.holders())
        assert judged.verdict is Verdict.IN_PROGRESS, judged
        assert "in progress: another session holds Flyway's lock" in judged.words
        # Without a look at the lock it would seem to have failed.
        assert found.judge(2).verdict is Verdict.HALF_WAY
    finally:
        running.wait(60)
    assert found.holders() == ""
    assert found.judge(2).verdict is Verdict.COMPLETE


def test_part_of_what_a_squashed_migration_stands_for_is_unclear() -> None:
    partly = Recorded("app.0001", Record.UNKNOWN, words="recorded in part")
    assert judge(partly, Standing((), None, ()), ()) == Judged(Verdict.UNCLEAR, "recorded in part")
