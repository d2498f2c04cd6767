"""What the tables of the real tools say, read by Partway: before, half way, after marking, after going on.

Each tool runs on each engine that it knows. Where a machine does not have the tool, its recorded tables are read.
"""

from __future__ import annotations

import pytest

from partway.tools.history import Record
from partway.tools.recorded import pending
from tests.history.catalog import TOOLS
from tests.history.conftest import RealTools, Scenes, kept
from tests.history.scenes import moment
from tests.history.tools import SERVERS, Tool

CASES = [
    (tool, engine)
    for tool, each in TOOLS.items()
    for engine in (*SERVERS, "sqlite")
    if engine in each.engines
]
#: What a tool leaves of a migration that failed half way, where that is anything.
LEFT = {
    "flyway": Record.FAILED,
    "golang-migrate": Record.DIRTY,
    "prisma": Record.FAILED,
    ("sqlx", "mariadb"): Record.DIRTY,
    ("sqlx", "mysql"): Record.DIRTY,
}
KEEP_CHECKSUMS = {"flyway", "sqlx", "prisma"}


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def scenes(request: pytest.FixtureRequest, real_tools: RealTools) -> Scenes:
    """The scenes of each tool on each engine."""
    return real_tools.scenes(*request.param)


def _left(scenes: Scenes) -> Record:
    return LEFT.get((scenes.tool, scenes.dialect), LEFT.get(scenes.tool, Record.NOT_RECORDED))


def test_without_a_table_nothing_is_recorded(scenes: Scenes) -> None:
    found = scenes.moment("nothing")
    assert not found.history.present
    assert found.recorded(1).record is Record.NOT_RECORDED
    assert "no table" in found.recorded(1).words
    assert found.marking(1).refusal


def test_what_ran_is_recorded(scenes: Scenes) -> None:
    found = scenes.moment("half")
    assert found.history.present
    assert found.history.table.schema
    assert found.recorded(1).record is Record.RECORDED
    assert found.recorded(1).edited in (None, False)
    assert found.recorded(1).words.startswith("recorded as applied")
    assert found.marking(1).refusal


def test_what_failed_half_way_is_told_as_the_tool_tells_it(scenes: Scenes) -> None:
    assert not scenes.seen["half"].ok
    found = scenes.moment("half")
    assert found.recorded(2).record is _left(scenes)
    assert pending(found.history, found.order) == (found.order.items[1].identity,)
    assert found.recorded(2).earlier == found.recorded(2).later == ()


def test_the_error_that_prisma_kept_is_read(real_tools: RealTools) -> None:
    entry = real_tools.scenes("prisma", "postgresql18").moment("half").recorded(2).entry
    assert entry
    assert 'relation "one" already exists' in entry.log
    assert entry.steps == 0


@pytest.mark.parametrize("scene", ["marked", "marked-by-command"])
def test_what_is_marked_counts_as_run(scenes: Scenes, scene: str) -> None:
    if scene not in scenes.seen:
        known = not scenes.moment("half").marking(2).command or TOOLS[scenes.tool].mark is Tool.mark
        assert known, "the tool has a command, and it was not run"
        return
    assert scenes.seen[scene].ok, scenes.seen[scene].output
    found = scenes.moment(scene)
    assert found.recorded(2).record is Record.RECORDED
    assert found.recorded(2).edited in (None, False)
    assert not pending(found.history, found.order)


@pytest.mark.parametrize("scene", ["after", "after-command"])
def test_after_marking_the_tool_goes_on_with_the_next(scenes: Scenes, scene: str) -> None:
    if scene not in scenes.seen:
        return
    # Had the tool run the second one again, it would have failed again.
    assert scenes.seen[scene].ok, scenes.seen[scene].output
    found = scenes.moment(scene)
    assert [found.recorded(number).record for number in (1, 2, 10)] == [Record.RECORDED] * 3
    assert found.recorded(2).later == (found.order.items[2].identity,)


def test_a_file_that_was_edited_is_told(scenes: Scenes) -> None:
    found = scenes.moment("edited")
    expected = scenes.tool in KEEP_CHECKSUMS or None
    assert found.recorded(1).edited is expected
    assert found.recorded(2).edited is (False if expected else None)
    assert ("edited" in found.recorded(1).words) is bool(expected)
    assert scenes.seen["edited"].ok is not TOOLS[scenes.tool].refuses_edited, scenes.seen["edited"].output


def test_what_was_recorded_is_what_the_tool_does(scenes: Scenes) -> None:
    """So that a recorded table stands for the real one."""
    if scenes.live is None:
        return
    before = kept(scenes.tool, scenes.live.lab.name)
    assert before.keys() == scenes.seen.keys()
    for name, old in before.items():
        new = scenes.seen[name]
        assert (old.ok, old.columns, len(old.rows)) == (new.ok, new.columns, len(new.rows)), name
        then = moment(scenes.tool, scenes.dialect, scenes.settings, old)
        numbers = (1, 2, 10)[: len(then.order.items)]
        assert [then.recorded(n).record for n in numbers] == [
            scenes.moment(name).recorded(n).record for n in numbers
        ]
