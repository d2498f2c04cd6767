"""What PostgreSQL refuses in a transaction: the way out that Partway writes, and the guard of such an index."""

from __future__ import annotations

import pytest

from partway.core.edit import apply_edits
from partway.core.source import SourceFile
from partway.tools.choice import Choice
from partway.tools.opting_out import opt_out
from partway.tools.reading import read
from tests.runners.alembic.case import Case
from tests.runners.alembic.runner import AlembicProject
from tests.runners.alembic.test_fixes import fixed
from tests.runners.plugin import Runners

CONCURRENT = Case(
    """
    op.add_column("users", sa.Column("a", sa.Integer))
    op.create_index(
        "by_a",
        "users",
        ["a"],
        postgresql_concurrently=True,
    )
    """,
    """
    op.drop_index("by_a", table_name="users", postgresql_concurrently=True)
    op.drop_column("users", "a")
    """,
)


@pytest.mark.parametrize("engine", ["postgresql18"])
def test_out_of_the_transaction(runners: Runners, engine: str) -> None:
    project = CONCURRENT.project()
    alembic = runners.alembic(engine)
    alembic.load(project)
    assert "cannot run inside a transaction" in alembic.up("r2_case.py").error

    text = project.files["r2_case.py"]
    for number in (0, 1):
        migration = read(
            SourceFile("versions/r2_case.py", text), Choice(tool="alembic", dialect="postgresql")
        )
        way = opt_out(migration, migration.sections[number])
        assert way is not None
        assert not way.harmless
        text = apply_edits(text, way.edits)
    alembic.load(AlembicProject(files={**project.files, "r2_case.py": text}))
    done = alembic.up("r2_case.py")
    assert done.ok, (done.error, text)
    back = alembic.down("r2_case.py")
    assert back.ok, back.error


@pytest.mark.parametrize("engine", ["postgresql18"])
def test_an_index_that_a_failed_run_left_invalid_is_built_anew(runners: Runners, engine: str) -> None:
    case = Case(
        "with op.get_context().autocommit_block():\n"
        '    op.create_index("by_org", "users", ["org_id"], unique=True, postgresql_concurrently=True)'
    )
    project = case.project()
    alembic = runners.alembic(engine)
    text = fixed(project.files["r2_case.py"], engine, ())
    assert text != project.files["r2_case.py"]
    alembic.load(AlembicProject(files={**project.files, "r2_case.py": text}))
    assert alembic.up("r1_base.py").ok
    lab = alembic.lab
    lab.script("INSERT INTO users (email, org_id, age) VALUES ('a', 1, 1), ('b', 1, 2)")
    assert "could not create unique index" in alembic.up("r2_case.py").error
    assert lab.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_org'::regclass") == [(False,)]
    lab.script("DELETE FROM users")
    done = alembic.up("r2_case.py")
    assert done.ok, (done.error, text)
    valid = "SELECT indisvalid, indexrelid::int FROM pg_index WHERE indexrelid = 'by_org'::regclass"
    (healthy,) = lab.rows(valid)
    assert healthy[0] is True
    assert alembic.again("r2_case.py").verdict == "same"
    assert lab.rows(valid) == [healthy]  # a healthy one is left alone
