"""What real projects' revisions leave in the dark, and what is said of it once they have run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runners.alembic.runner import AlembicProject, revision
from tests.runners.plugin import Runners
from tests.status.conftest import Status
from tests.status.test_projects import written

ENGINES = ("postgresql18", "mysql", "sqlite")
CASES: dict[str, tuple[str, ...]] = {
    "a size is a constant of another module": (
        (
            "from string import digits as LONG\n"
            "size = len(LONG)\n"
            "op.create_table('a', sa.Column('b', sa.String(length=size)), sa.Column('c', sa.Numeric(size, 2)))"
        ),
        (
            "import alembic.util.langhelpers as other\nother.SIZE = 12\n"
            "op.add_column('a', sa.Column('d', sa.VARCHAR(other.SIZE)))"
        ),
    ),
    "a key that refers to another one does not count by itself": (
        (
            "op.create_table('a', sa.Column('id', sa.Integer(), primary_key=True))\n"
            "op.create_table('b', sa.Column('a_id', sa.Integer(), nullable=False),"
            " sa.ForeignKeyConstraint(['a_id'], ['a.id'], name='fk'), sa.PrimaryKeyConstraint('a_id', name='pk'))\n"
            "op.create_table('c', sa.Column('a_id', sa.Integer(), sa.ForeignKey('a.id'), primary_key=True))"
        ),
    ),
    "a table is made anew, and its index without the order of its columns": (
        (
            "op.create_table('a', sa.Column('b', sa.String(10)), sa.Column('c', sa.Integer()))\n"
            "op.create_index('a_b_c', 'a', ['b', sa.text('c DESC')])"
        ),
        (
            "with op.batch_alter_table('a') as batch:\n"
            "    batch.alter_column('c', nullable=False, existing_type=sa.Integer())"
        ),
    ),
    "a condition keeps something from running": (
        "op.create_table('a', sa.Column('b', sa.String(10)))",
        "import os\nif os.environ.get('NEVER_SET'):\n    op.create_index('a_b', 'a', ['b'])",
        "import os\nif not os.environ.get('NEVER_SET'):\n    return\nop.add_column('a', sa.Column('c', sa.Integer()))",
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_nothing_is_missing(name: str, engine: str, runners: Runners, status: Status, tmp_path: Path) -> None:
    alembic = runners.alembic(engine)
    files = {
        f"r{number}_step.py": revision(f"r{number}", f"r{number - 1}" if number > 1 else None, body)
        for number, body in enumerate(CASES[name], 1)
    }
    alembic.load(AlembicProject(files=files))
    outcome = alembic.migrate()
    assert outcome.ok, outcome.error
    said = status(written(alembic, tmp_path), alembic.lab.url)
    assert set(said.verdicts().values()) == {"complete"}, [one["sentence"] for one in said.documents]
    assert said.code == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_what_asks_whether_it_is_done_is_held_to_it(
    engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    alembic = runners.alembic(engine)
    body = "if not sa.inspect(op.get_bind()).has_table('a'):\n    op.create_table('a', sa.Column('b', sa.Integer()))"
    alembic.load(AlembicProject(files={"r1_step.py": revision("r1", None, body)}))
    assert alembic.migrate().ok
    folder = written(alembic, tmp_path)
    assert status(folder, alembic.lab.url).code == 0
    alembic.lab.execute("DROP TABLE a")
    assert status(folder, alembic.lab.url).verdicts() == {"r1_step": "incomplete"}
