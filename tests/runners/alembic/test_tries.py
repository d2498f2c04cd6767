"""A `try` around several operations: the first one that a second run cannot do again ends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runners.alembic.case import BASE
from tests.runners.alembic.runner import ENV, AlembicProject, revision
from tests.runners.alembic.test_statements import said
from tests.runners.plugin import Runners

STOPS = """\
    if sa.inspect(op.get_bind()).has_table("stop"):
        raise RuntimeError("stopped")
"""
TOGETHER = """\
try:
    op.create_table("t", sa.Column("id", sa.Integer))
{stops}    op.create_index("t_by_id", "t", ["id"])
except sa.exc.SQLAlchemyError:
    pass
"""
APART = TOGETHER.replace("{stops}", "except sa.exc.SQLAlchemyError:\n    pass\ntry:\n{stops}")
AUTOCOMMIT = ENV.format(metadata="", options="").replace(
    "    context.configure",
    '    connection = connection.execution_options(isolation_level="AUTOCOMMIT")\n    context.configure',
)


def project(lines: str, stops: str, engine: str) -> AlembicProject:
    return AlembicProject(
        files={
            "r1_base.py": revision("r1", None, BASE),
            "r2_case.py": revision("r2", "r1", lines.format(stops=stops)),
        },
        env=AUTOCOMMIT if engine.startswith("postgresql") else "",
    )


@pytest.mark.parametrize("engine", ["postgresql15", "mariadb", "sqlite"])
@pytest.mark.parametrize(("lines", "completes"), [(TOGETHER, False), (APART, True)])
def test_a_second_run_goes_on_behind_the_try(
    runners: Runners, tmp_path: Path, engine: str, lines: str, completes: bool
) -> None:
    alembic = runners.alembic(engine)
    alembic.load(project(lines, STOPS, engine))
    alembic.lab.execute("CREATE TABLE stop (id int)")
    assert not alembic.up("r2_case.py").ok
    alembic.lab.execute("DROP TABLE stop")
    assert alembic.up("r2_case.py").ok
    assert alembic.history() == ["r1_base.py", "r2_case.py"]
    assert any("t_by_id" in name for name in alembic.schema()) is completes
    made, indexed = said(tmp_path, project(lines, "", engine), "r2_case.py", engine).sections[0].operations
    for operation, covers in ((made, True), (indexed, completes)):
        guard = operation.actions[0].guard
        assert guard is not None
        assert guard.covers is covers, operation


CAUGHT = """\
try:
    op.execute("SELECT nothing")
except sa.exc.SQLAlchemyError:
    pass
op.execute("SELECT 1")
"""


@pytest.mark.parametrize(
    ("stop", "error"), [('raise RuntimeError("stopped")\n', "stopped"), (CAUGHT, "InFailedSqlTransaction")]
)
def test_the_driver_begins_a_transaction_again_behind_a_commit(
    runners: Runners, stop: str, error: str
) -> None:
    """What psycopg 3 does, and an error that is caught there ends it, too. Psycopg2 goes on without one: behind its
    COMMIT each statement is kept by itself, and goes on after an error, as 2.9.13 showed by hand."""
    lines = f'op.execute("COMMIT")\nop.create_table("t", sa.Column("id", sa.Integer))\n{stop}'
    files = {"r1_base.py": revision("r1", None, BASE), "r2_case.py": revision("r2", "r1", lines)}
    alembic = runners.alembic("postgresql15")
    alembic.load(AlembicProject(files=files))
    assert alembic.up("r1_base.py").ok
    assert error in alembic.up("r2_case.py").error
    assert "table t" not in alembic.schema()
