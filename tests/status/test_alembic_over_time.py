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
    "what is dropped has the names that a run finds": (
        (
            "op.create_table('a', sa.Column('id', sa.Integer(), primary_key=True))\n"
            "op.create_table('b', sa.Column('a_id', sa.Integer()), sa.Column('c', sa.Integer()),"
            " sa.ForeignKeyConstraint(['a_id'], ['a.id'], name='b_a'))\n"
            "op.create_index('b_c', 'b', ['c'])"
        ),
        (
            "found = sa.inspect(op.get_bind())\n"
            "keys, indexes = found.get_foreign_keys('b'), found.get_indexes('b')\n"
            "with op.batch_alter_table('b') as batch:\n"
            "    for key in keys:\n"
            "        batch.drop_constraint(key['name'], type_='foreignkey')\n"
            "for index in indexes:\n"
            "    if index['name'] == 'b_c':\n"
            "        op.drop_index(index['name'], table_name='b')"
        ),
    ),
    "an index has an order of its own": (
        (
            "op.create_table('a', sa.Column('b', sa.String(10)), sa.Column('c', sa.Integer()))\n"
            "op.create_index('a_b_c', 'a', ['b', sa.text('c DESC')])"
        ),
    ),
    "a condition keeps something from running": (
        "op.create_table('a', sa.Column('b', sa.String(10)))",
        "import os\nif os.environ.get('NEVER_SET'):\n    op.create_index('a_b', 'a', ['b'])",
        "import os\nif not os.environ.get('NEVER_SET'):\n    return\nop.add_column('a', sa.Column('c', sa.Integer()))",
    ),
}


def chain(bodies: tuple[str, ...]) -> dict[str, str]:
    """Revisions with these lines, each behind the one before it: r1, r2, ..."""
    return {
        f"r{number}_step.py": revision(f"r{number}", f"r{number - 1}" if number > 1 else None, body)
        for number, body in enumerate(bodies, 1)
    }


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_nothing_is_missing(name: str, engine: str, runners: Runners, status: Status, tmp_path: Path) -> None:
    alembic = runners.alembic(engine)
    alembic.load(AlembicProject(files=chain(CASES[name])))
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


#: Metadata that only a run tells, with names as many projects have them.
_MADE_WHEN_IT_RUNS = """\
def interface():
    found = type("Interface", (), {})()
    names = {"ix": "ix_%(table_name)s__%(column_0_N_name)s", "fk": "fk_%(table_name)s__%(referred_table_name)s"}
    for kind in ("uq", "pk"):
        names[kind] = kind + "_%(table_name)s__%(column_0_N_name)s"
    names["ck"] = "ck_%(table_name)s__%(constraint_name)s"
    found.metadata = MetaData(naming_convention=names)
    return found


target_metadata = interface().metadata"""
_UNNAMED = (
    (
        "op.create_table('a', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('n', sa.Integer(), index=True)"
        ", sa.Column('u', sa.String(20), unique=True), sa.CheckConstraint('n > 0', name='positive'))\n"
        "op.create_table('b', sa.Column('id', sa.Integer(), sa.ForeignKey('a.id'), primary_key=True),"
        " sa.Column('v', sa.String(20)), sa.Column('w', sa.String(20)))\n"
    ),
    (
        "with op.batch_alter_table('b') as batch:\n"
        "    batch.create_unique_constraint(None, ['v'])\n"
        "op.create_index(None, 'b', ['w'])"
    ),
)
#: By the names that the database has for them.
_TAKEN_BACK = (
    "with op.batch_alter_table('a') as batch:\n"
    "    batch.drop_constraint('positive', type_='check')\n"
    "    batch.drop_constraint('uq_a__u', type_='unique')\n"
    "with op.batch_alter_table('b') as batch:\n"
    "    batch.drop_constraint('fk_b__a', type_='foreignkey')\n"
    "    batch.drop_constraint('uq_b__v', type_='unique')\n"
    "op.drop_index('ix_a__n', table_name='a')\n"
    "op.drop_index('ix_b__w', table_name='b')\n"
)


@pytest.mark.parametrize("engine", ENGINES)
def test_names_that_follow_from_metadata_nobody_can_read_are_not_guessed(
    engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    alembic = runners.alembic(engine)
    env = AlembicProject().env_text().replace("target_metadata = MetaData()", _MADE_WHEN_IT_RUNS)
    assert _MADE_WHEN_IT_RUNS in env
    alembic.load(AlembicProject(files=chain(_UNNAMED), env=env))
    outcome = alembic.migrate()
    assert outcome.ok, outcome.error
    folder = written(alembic, tmp_path)
    said = status(folder, alembic.lab.url)
    assert set(said.verdicts().values()) == {"complete"}, [one["sentence"] for one in said.documents]

    # Whatever its name is, it has to be there.
    index = "ix_b__w" if engine != "mysql" else "ix_b__w ON b"
    alembic.lab.execute(f"DROP INDEX {index}")
    assert status(folder, alembic.lab.url).verdicts() == {"r1_step": "complete", "r2_step": "incomplete"}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_has_such_a_name_and_is_dropped_by_it_is_not_missing(
    engine: str, runners: Runners, status: Status, tmp_path: Path
) -> None:
    alembic = runners.alembic(engine)
    env = AlembicProject().env_text().replace("target_metadata = MetaData()", _MADE_WHEN_IT_RUNS)
    alembic.load(AlembicProject(files=chain((*_UNNAMED, _TAKEN_BACK)), env=env))
    outcome = alembic.migrate()
    assert outcome.ok, outcome.error
    said = status(written(alembic, tmp_path), alembic.lab.url)
    assert set(said.verdicts().values()) == {"complete"}, [one["sentence"] for one in said.documents]
