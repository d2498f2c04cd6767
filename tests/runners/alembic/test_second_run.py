"""What Partway says a second run of a revision does, held against what it really does."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.core.operation import Repeat
from tests.runners.alembic.case import ENGINES, MYSQL, POSTGRESQL, SERVERS, Case
from tests.runners.alembic.test_statements import said
from tests.runners.plugin import Runners

_ORDER = [Repeat.SAME, Repeat.UNKNOWN, Repeat.CHANGES, Repeat.FAILS]

TWICE = {
    "create_table": Case('op.create_table("t", sa.Column("id", sa.Integer))'),
    "create_table, guarded": Case('op.create_table("t", sa.Column("id", sa.Integer), if_not_exists=True)'),
    "create_table, guarded, with an index": Case(
        'op.create_table("t", sa.Column("id", sa.Integer, index=True), if_not_exists=True)'
    ),
    "create_table, guarded, with an enum": Case(
        'op.create_table("t", sa.Column("k", sa.Enum("a", name="k")), if_not_exists=True)', engines=POSTGRESQL
    ),
    "drop_table": Case('op.drop_table("users")'),
    "drop_table, guarded": Case('op.drop_table("not_there", if_exists=True)'),
    "rename_table": Case('op.rename_table("users", "people")'),
    "drop_constraint, in a loop over a table of the database": Case(
        'table = sa.Table("users", sa.MetaData(), autoload_with=op.get_bind())\n'
        "for key in table.foreign_key_constraints:\n"
        '    op.drop_constraint(key.name, "users", type_="foreignkey")',
        engines=SERVERS,
    ),
    "add_column": Case('op.add_column("users", sa.Column("a", sa.Integer))'),
    "add_column, in a loop": Case(
        'for name in ("a", "b"):\n    op.add_column("users", sa.Column(name, sa.Integer))'
    ),
    "add_column, columns in a loop": Case(
        'for one in (sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)):\n    op.add_column("users", one)'
    ),
    "add_column, guarded": Case(
        'op.add_column("users", sa.Column("a", sa.Integer), if_not_exists=True)',
        engines=(*POSTGRESQL, "mariadb"),
    ),
    "add_column, guarded, with an index": Case(
        'op.add_column("users", sa.Column("a", sa.Integer, index=True), if_not_exists=True)',
        engines=(*POSTGRESQL, "mariadb"),
    ),
    "add_column, guarded, unique": Case(
        'op.add_column("users", sa.Column("a", sa.Integer, unique=True), if_not_exists=True)',
        engines=(*POSTGRESQL, "mariadb"),
    ),
    "add_column, guarded, with a key": Case(
        'op.add_column("users", sa.Column("a", sa.Integer, sa.ForeignKey("orgs.id")), if_not_exists=True)',
        engines=(*POSTGRESQL, "mariadb"),
    ),
    "drop_column, guarded": Case(
        'op.drop_column("users", "email", if_exists=True)',
        engines=(*POSTGRESQL, "mariadb"),
    ),
    "drop_column": Case('op.drop_column("orgs", "name")'),
    "alter_column, type": Case(
        'op.alter_column("users", "age", type_=sa.BigInteger(), existing_type=sa.Integer())', engines=SERVERS
    ),
    "alter_column, nullable": Case(
        'op.alter_column("users", "age", nullable=False, existing_type=sa.Integer())', engines=SERVERS
    ),
    "alter_column, default": Case(
        'op.alter_column("users", "age", server_default="7", existing_type=sa.Integer())', engines=SERVERS
    ),
    "alter_column, no default": Case(
        'op.alter_column("users", "age", server_default=None, existing_type=sa.Integer())', engines=SERVERS
    ),
    "alter_column, name": Case(
        'op.alter_column("orgs", "name", new_column_name="n", existing_type=sa.String(40))'
    ),
    "alter_column, comment": Case(
        'op.alter_column("users", "age", comment="x", existing_type=sa.Integer())', engines=SERVERS
    ),
    "create_index": Case('op.create_index("i", "users", ["age"])'),
    "create_index, guarded": Case(
        'op.create_index("i", "users", ["age"], if_not_exists=True)',
        engines=(*POSTGRESQL, "mariadb", "sqlite"),
    ),
    "create_index, without a name": Case('op.create_index(None, "users", ["age"])'),
    "drop_index": Case('op.drop_index("users_by_email", "users")'),
    "drop_index, guarded": Case(
        'op.drop_index("users_by_email", "users", if_exists=True)', engines=(*POSTGRESQL, "mariadb", "sqlite")
    ),
    "create_foreign_key": Case(
        'op.create_foreign_key("f", "users", "orgs", ["org_id"], ["id"])', engines=SERVERS
    ),
    "create_foreign_key, without a name": Case(
        'op.create_foreign_key(None, "users", "orgs", ["org_id"], ["id"])', engines=SERVERS
    ),
    "create_unique_constraint": Case('op.create_unique_constraint("u", "users", ["email"])', engines=SERVERS),
    "create_unique_constraint, without a name": Case(
        'op.create_unique_constraint(None, "users", ["email"])', engines=SERVERS
    ),
    "create_check_constraint": Case('op.create_check_constraint("c", "users", "age < 9")', engines=SERVERS),
    "create_check_constraint, without a name": Case(
        'op.create_check_constraint(None, "users", "age < 9")', engines=SERVERS
    ),
    "create_primary_key": Case(
        'op.create_table("k", sa.Column("a", sa.Integer, nullable=False), if_not_exists=True)\n'
        'op.create_primary_key("pk", "k", ["a"])',
        engines=SERVERS,
    ),
    "drop_constraint": Case(
        'op.drop_constraint("users_other", "users", type_="foreignkey")', engines=SERVERS
    ),
    "drop_constraint, guarded": Case(
        'op.drop_constraint("users_other", "users", type_="foreignkey", if_exists=True)',
        engines=(*POSTGRESQL, "mariadb"),
    ),
    "create_table_comment": Case('op.create_table_comment("users", "x")', engines=SERVERS),
    "bulk_insert": Case('op.bulk_insert(sa.table("orgs", sa.column("name")), [{"name": "a"}])'),
    "a type by hand": Case(
        'sa.Enum("a", name="k").create(op.get_bind(), checkfirst=False)', engines=POSTGRESQL
    ),
    "a type by hand, of PostgreSQL": Case(
        'postgresql.ENUM("a", name="k").create(op.get_bind())', engines=POSTGRESQL
    ),
    "a type by hand, of SQLAlchemy": Case('sa.Enum("a", name="k").create(op.get_bind())', engines=POSTGRESQL),
    "a type by hand, guarded": Case(
        'sa.Enum("a", name="k").create(op.get_bind(), checkfirst=True)', engines=POSTGRESQL
    ),
    "has_table": Case(
        'if not sa.inspect(op.get_bind()).has_table("t"):\n    op.create_table("t", sa.Column("id", sa.Integer))'
    ),
    "get_columns": Case(
        'columns = [c["name"] for c in sa.inspect(op.get_bind()).get_columns("users")]\n'
        'if "a" in columns:\n    return\nop.add_column("users", sa.Column("a", sa.Integer))'
    ),
    "get_indexes": Case(
        'if not any(i["name"] == "i" for i in sa.inspect(op.get_bind()).get_indexes("users")):\n'
        '    op.create_index("i", "users", ["age"])'
    ),
    "a look at something else": Case(
        'if sa.inspect(op.get_bind()).has_table("users"):\n    op.add_column("users", sa.Column("a", sa.Integer))'
    ),
    "try": Case(
        'try:\n    op.add_column("users", sa.Column("a", sa.Integer))\nexcept Exception:\n    pass',
        engines=(*MYSQL, "sqlite"),
    ),
    "loop over what is there": Case(
        'for key in sa.inspect(op.get_bind()).get_foreign_keys("users"):\n'
        '    op.drop_constraint(key["name"], "users", type_="foreignkey")',
        engines=SERVERS,
    ),
}

_BATCHES = {
    "add_column": 'batch_op.add_column(sa.Column("a", sa.Integer))',
    "add_column with a key": 'batch_op.add_column(sa.Column("a", sa.Integer, sa.ForeignKey("orgs.id", name="k")))',
    "drop_column": 'batch_op.drop_column("spare")',
    "alter_column": 'batch_op.alter_column("age", nullable=False, existing_type=sa.Integer())',
    "alter_column, name": 'batch_op.alter_column("age", new_column_name="years", existing_type=sa.Integer())',
    "create_unique_constraint": 'batch_op.create_unique_constraint("u", ["email"])',
    "create_foreign_key": 'batch_op.create_foreign_key("f", "orgs", ["org_id"], ["id"])',
    "create_check_constraint": 'batch_op.create_check_constraint("c", "age < 9")',
    "create_index": 'batch_op.create_index("i", ["age"])',
    "drop_index": 'batch_op.drop_index("users_by_email")',
    "drop_constraint": 'batch_op.drop_constraint("users_other", type_="foreignkey")',
    "drop_constraint, unique": 'batch_op.drop_constraint("users_age", type_="unique")',
}


def _batch(line: str, recreate: str) -> Case:
    return Case(
        f'with op.batch_alter_table("users", recreate="{recreate}") as batch_op:\n    {line}',
        engines=("sqlite",),
    )


TWICE |= {
    f"batch, {recreate}: {name}": _batch(line, recreate)
    for name, line in _BATCHES.items()
    for recreate in ("auto", "always")
}


@pytest.mark.parametrize(
    ("name", "engine"), [(name, engine) for name in TWICE for engine in TWICE[name].engines]
)
def test_second_run(runners: Runners, tmp_path: Path, name: str, engine: str) -> None:
    assert set(TWICE[name].engines) <= set(ENGINES)
    project = TWICE[name].project()
    alembic = runners.alembic(engine)
    alembic.load(project)
    done = alembic.up("r2_case.py")
    assert done.ok, done.error
    found = [
        operation
        for operation in said(tmp_path, project, "r2_case.py", engine).sections[0].operations
        if not operation.target.startswith("_alembic_tmp_")  # renamed away where the first run has succeeded
    ]
    worst = max((operation.repeat for operation in found), key=_ORDER.index, default=Repeat.SAME)
    again = alembic.again("r2_case.py")
    assert worst.value == again.verdict, (again.outcome.error, again.differences)
