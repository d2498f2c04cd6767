"""Tables that a revision reads from the database: what it finds in them is there."""

from __future__ import annotations

import pytest

from partway.core.operation import Repeat
from tests.tools.alembic.test_reader import operations


@pytest.mark.parametrize(
    ("made", "repeat"),
    [
        ('sa.Table("t", sa.MetaData(), autoload_with=op.get_bind())', Repeat.SAME),
        ('sa.Table("t", sa.MetaData(op.get_bind()), autoload=True)', Repeat.SAME),
        ('sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))', Repeat.UNKNOWN),
        ('sa.Table("u", sa.MetaData(), autoload_with=op.get_bind())', Repeat.UNKNOWN),
    ],
)
def test_loops_over_what_a_table_of_the_database_has(made: str, repeat: Repeat) -> None:
    (dropped,) = operations(
        f"""
        table = {made}
        for key in table.foreign_key_constraints:
            op.drop_constraint(key.name, "t", type_="foreignkey")
        """
    )
    assert (dropped.kind, dropped.target, dropped.repeat) == ("drop-constraint", "t.?", repeat)
