"""The locks of the real tools: while one runs, Partway sees the session that holds its lock, and afterwards none."""

from __future__ import annotations

import time

import pytest

from partway.core.postcondition import Name
from partway.dialects.questions import questions
from partway.tools.history import Holder, Target, history_of, read_holders
from partway.tools.recorded import held
from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.history.catalog import TOOLS
from tests.history.conftest import RealTools
from tests.history.scenes import look
from tests.history.tools import Migrations, Tool

# Seconds that the migration takes, in which its lock must be seen.
LONG = 3
SLEEP = {
    "postgresql": f"SELECT pg_sleep({LONG});\n",
    "mysql": f"DO SLEEP({LONG});\n",
    "mariadb": f"DO SLEEP({LONG});\n",
}
LOCKING = [
    (name, engine)
    for name in ("flyway", "golang-migrate", "prisma", "rails")
    for engine in TOOLS[name].engines
    if engine != "sqlite"
]


def _holders(lab: Lab, tool: str) -> tuple[Holder, ...]:
    """The other sessions that hold the tool's lock, as Partway asks for them."""
    seen = look(lab, tool, {}, {})
    module, asked = history_of(tool), questions(lab.dialect)
    target = Target(lab.dialect, {}, *seen.here)
    schema = seen.columns[0][0] if seen.columns else seen.here[1]
    lock = module.lock(target, Name(module.table(target).name, schema))
    assert lock
    assert asked.holders
    return read_holders(lab.rows(asked.holders(lock.keys)))


def _wait(lab: Lab, tool: Tool) -> tuple[Holder, ...]:
    """What is seen of the lock before the migration is over."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if found := _holders(lab, tool.name):
            return found
        time.sleep(0.1)
    return ()


@pytest.mark.parametrize(("name", "engine"), LOCKING)
def test_the_lock_of_a_running_tool_is_seen(real_tools: RealTools, name: str, engine: str) -> None:
    tool = real_tools.tool(name, engine)
    if tool is None:
        return  # named at the end of the run; its recorded keys are held against ours below
    lab = tool.lab
    lab.fresh()
    texts = {1: "CREATE TABLE one (id int);\n", 2: SLEEP[lab.dialect]}
    tool.write(tool.files(Migrations({1: texts[1]})))
    assert tool.up().ok
    assert _holders(lab, name) == ()
    tool.write(tool.files(Migrations(texts)))
    running = tool.start()
    try:
        found = _wait(lab, tool)
        assert len(found) == 1, "nobody is seen to hold the lock"
        assert found[0].user
        assert found[0].since
    finally:
        running.wait(60)
    assert running.returncode == 0
    assert _holders(lab, name) == ()


@pytest.mark.parametrize("engine", ["postgresql18", "mariadb", "mysql"])
@pytest.mark.parametrize("tool", ["rails", "flyway", "golang-migrate", "sqlx", "prisma"])
def test_a_lock_taken_by_hand_is_seen_by_others_and_can_be_given_back(
    labs: Labs, engine: str, tool: str
) -> None:
    lab = labs(engine)
    lab.fresh()
    module, asked = history_of(tool), questions(lab.dialect)
    target = Target(lab.dialect, {}, *look(lab, tool, {}, {}).here)
    lock = module.lock(target, module.table(target))
    if (tool, engine) == ("sqlx", "mariadb"):
        assert lock is None
        assert lab.rows("SELECT GET_LOCK('x', -1)") == [(None,)], "what sqlx asks for, MariaDB refuses"
        return
    assert lock
    assert asked.take
    assert asked.release
    with lab.connect() as session:
        assert session.run(asked.take(lock.keys[0]))[0][0] in (1, True)
        found = _holders(lab, tool)
        assert len(found) == 1
        assert "in progress: another session holds" in held(lock, found)
        assert lab.rows(asked.take(lock.keys[0]))[0][0] in (0, False)
        assert session.run(asked.release(lock.keys[0]))[0][0] in (1, True)
    assert held(lock, _holders(lab, tool)) == ""


@pytest.mark.parametrize("tool", ["django", "alembic", "dbmate", "supabase"])
def test_tools_that_take_no_lock(tool: str) -> None:
    module = history_of(tool)
    target = Target("postgresql", {}, "shop", "public")
    assert module.lock(target, module.table(target)) is None


@pytest.mark.parametrize("tool", ["rails", "goose", "flyway", "golang-migrate", "sqlx", "prisma"])
def test_on_sqlite_there_are_no_advisory_locks(tool: str) -> None:
    module = history_of(tool)
    target = Target("sqlite", {}, "main", "main")
    assert module.lock(target, module.table(target)) is None
    assert questions("sqlite").holders is None
