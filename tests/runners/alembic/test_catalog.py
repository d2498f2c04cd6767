"""Questions to PostgreSQL's catalog about an index, as Alembic's revisions ask them."""

from __future__ import annotations

from tests.runners.alembic.case import BASE
from tests.runners.alembic.runner import AlembicProject, revision
from tests.runners.plugin import Runners

LINES = """\
bind = op.get_bind()
def there(name):
    asked = "SELECT exists(SELECT 1 FROM pg_indexes WHERE indexname = '{}') AS found"
    return bind.execute(sa.text(asked.format(name))).first().found
for name in ("first", "second"):
    if not there(name):
        op.create_index(name, "extra", ["id"])
row = bind.execute(sa.text("SELECT 1 FROM pg_indexes WHERE indexname = 'first'"))
if row.first() is None or not bind.execute(sa.text("SELECT EXISTS (SELECT 1 WHERE false)")).first():
    raise RuntimeError("not found")
"""


def test_an_index_is_found_by_its_name(runners: Runners) -> None:
    """What is there is passed over; and the row of EXISTS is there whatever it says."""
    made = (
        'op.create_table("extra", sa.Column("id", sa.Integer))\nop.create_index("first", "extra", ["id"])\n'
    )
    files = {
        "r1_base.py": revision("r1", None, BASE),
        "r2_made.py": revision("r2", "r1", made),
        "r3_case.py": revision("r3", "r2", LINES),
    }
    alembic = runners.alembic("postgresql15")
    alembic.load(AlembicProject(files=files))
    for name in files:
        assert alembic.up(name).ok, alembic.up(name).error
    assert {"first", "second"} <= {
        key.rpartition(".")[2] for key in alembic.schema() if key.startswith("index")
    }
