"""The harness itself: each tool runs a migration, runs it again, takes it back, and is stopped half way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runners.alembic.runner import AlembicProject, revision
from tests.runners.django.runner import DjangoProject
from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject
from tests.runners.rails.runner import migration as rails_migration
from tests.runners.runner import Fault, Runner

ENGINES = ["postgresql18", "postgresql15", "mariadb", "mysql", "sqlite"]
TOOLS = ["rails", "django", "alembic"]

RAILS = {
    "20240101000000_create_people.rb": """\
class CreatePeople < ActiveRecord::Migration[6.1]
  def change
    create_table :people do |t|
      t.string :email, null: false
    end
    add_column :people, :age, :integer
    add_index :people, :age, name: "by_age"
  end
end
""",
    "20240102000000_nothing_new.rb": """\
class NothingNew < ActiveRecord::Migration[6.1]
  def up
    execute "UPDATE people SET age = 1"
  end

  def down
    execute "SELECT 1"
  end
end
""",
    "20240103000000_one_more.rb": """\
class OneMore < ActiveRecord::Migration[6.1]
  def change
    execute "INSERT INTO people (email) VALUES ('x')"
  end
end
""",
}

DJANGO = {
    "0001_create_people.py": """\
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Person", [
            ("id", models.BigAutoField(primary_key=True)),
            ("email", models.CharField(max_length=255)),
        ], options={"db_table": "people"}),
        migrations.AddField("Person", "age", models.IntegerField(null=True)),
        migrations.AddIndex("Person", models.Index(fields=["age"], name="by_age")),
    ]
""",
    "0002_nothing_new.py": """\
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("app", "0001_create_people")]
    operations = [migrations.RunSQL("UPDATE people SET age = 1", migrations.RunSQL.noop)]
""",
    "0003_one_more.py": """\
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("app", "0002_nothing_new")]
    operations = [migrations.RunSQL("INSERT INTO people (email) VALUES ('x')")]
""",
}

ALEMBIC = {
    "a1_create_people.py": """\
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None

def upgrade():
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(255)))
    op.add_column("people", sa.Column("age", sa.Integer))
    op.create_index("by_age", "people", ["age"])

def downgrade():
    op.drop_table("people")
""",
    "a2_nothing_new.py": """\
from alembic import op

revision = "a2"
down_revision: str = "a1"

def upgrade():
    op.execute("UPDATE people SET age = 1")

def downgrade():
    pass
""",
    "a3_one_more.py": """\
from alembic import op

revision = "a3"
down_revision = "a2"

def upgrade():
    op.execute("INSERT INTO people (email) VALUES ('x')")
""",
}


def load(runners: Runners, tool: str, engine: str) -> tuple[Runner[Any], list[str]]:
    """The tool with its three migrations loaded, and their names."""
    if tool == "rails":
        rails = runners.rails(engine)
        rails.load(RailsProject(files=RAILS))
        return rails, list(RAILS)
    if tool == "django":
        django = runners.django(engine)
        django.load(DjangoProject(files=DJANGO))
        return django, list(DJANGO)
    alembic = runners.alembic(engine)
    alembic.load(AlembicProject(files=ALEMBIC))
    return alembic, list(ALEMBIC)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("tool", TOOLS)
def test_up_again_down(runners: Runners, tool: str, engine: str) -> None:
    runner, (create, nothing_new, one_more) = load(runners, tool, engine)
    empty = runner.dump()
    assert runner.schema() == {}
    done = runner.up(create)
    assert done.ok, done.error
    assert done.recorded
    assert any("CREATE TABLE" in statement for statement in done.statements)
    assert {"table people", "column people.email", "column people.age", "index people.by_age"} <= set(
        runner.schema()
    )
    first = runner.again(create)
    assert first.verdict == "fails"
    assert "people" in first.outcome.error
    assert not first.outcome.recorded
    assert not first.differences

    assert runner.up(nothing_new).ok
    assert runner.again(nothing_new).verdict == "same"
    assert runner.up(one_more).ok
    repeated = runner.again(one_more)
    assert repeated.verdict == "changes"
    assert any("'x'" in line or '"x"' in line for line in repeated.differences)
    assert runner.history() == [create, nothing_new, one_more]

    irreversible = runner.down(one_more)
    assert not irreversible.ok
    assert irreversible.recorded
    runner.mark(one_more, applied=False)
    for name in (nothing_new, create):
        taken_back = runner.down(name)
        assert taken_back.ok, taken_back.error
        assert not taken_back.recorded
    assert runner.dump() == empty


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("how", ["raise", "kill"])
@pytest.mark.parametrize("tool", TOOLS)
def test_fault(runners: Runners, tool: str, engine: str, how: Any) -> None:
    runner, (create, *_) = load(runners, tool, engine)
    outcome = runner.up(create, Fault(2, how))
    assert ("Died" if how == "kill" else "Stopped") in outcome.error
    assert not outcome.recorded
    left = runner.schema()
    assert "index people.by_age" not in left
    # Alembic takes SQLite for an engine whose DDL does not roll back.
    commits_each = runner.lab.dialect in {"mysql", "mariadb"} or (tool, engine) == ("alembic", "sqlite")
    assert ("column people.age" in left) == commits_each
    runner.lab.execute("DROP TABLE IF EXISTS people")
    assert runner.up(create).ok


BLOCK = """
create_table(:one) { |t| t.string :x; t.index :x }
change_table(:one) { |t| t.string :y; t.string :z } unless column_exists?(:one, :y)
create_table(:two)
create_table(:three)
"""
BATCH = """
op.create_table("one", sa.Column("x", sa.String(9), index=True))
with op.batch_alter_table("one") as batch:
    batch.add_column(sa.Column("y", sa.Integer))
    batch.add_column(sa.Column("z", sa.Integer))
op.create_table("two", sa.Column("x", sa.Integer))
op.create_table("three", sa.Column("x", sa.Integer))
"""


def test_block_is_one_operation_and_a_look_up_is_none(runners: Runners) -> None:
    """On an engine that keeps what was done, and Alembic's index in the column is an operation of its own."""
    rails = runners.rails("mariadb")
    rails.load(RailsProject(files=dict([rails_migration("1_block", BLOCK)])))
    assert "Stopped" in rails.up("1_block.rb", Fault(3)).error
    found = rails.schema()
    assert {"column one.z", "table two"} <= set(found)
    assert "table three" not in found

    alembic = runners.alembic("mariadb")
    alembic.load(AlembicProject(files={"a.py": revision("a", None, BATCH)}))
    assert "Stopped" in alembic.up("a.py", Fault(3)).error
    found = alembic.schema()
    assert {"column one.z", "table two"} <= set(found)
    assert "table three" not in found


@pytest.mark.parametrize("tool", TOOLS)
def test_fault_on_the_way_down(runners: Runners, tool: str) -> None:
    runner, (create, *_) = load(runners, tool, "mariadb")
    assert runner.up(create).ok
    outcome = runner.down(create, Fault(1))
    assert "Stopped" in outcome.error
    assert outcome.recorded
    assert "index people.by_age" not in runner.schema()


def test_resume_on_the_same_database(runners: Runners) -> None:
    """New files on a database that is kept: what a finished or mended migration is tried with."""
    rails = runners.rails("mariadb")
    rails.load(RailsProject(files=RAILS))
    create = min(RAILS)
    assert not rails.up(create, Fault(1)).ok
    guarded = RAILS[create].replace("create_table :people do", "create_table :people, if_not_exists: true do")
    rails.load(RailsProject(files={**RAILS, create: guarded}), keep_database=True)
    assert rails.migrate().ok
    assert rails.history() == list(RAILS)
