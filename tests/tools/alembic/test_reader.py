"""What is read of a revision: guards, loops, conditions, helpers, batches, blocks. What is sent is held against Alembic
itself in tests/runners."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from partway.core.migration import Control, Migration
from partway.core.operation import GuardForm, Operation, Repeat
from partway.core.source import SourceFile
from partway.tools.choice import Choice
from partway.tools.reading import identify, read
from partway.tools.registry import speaks

HEAD = """\
import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql
from app.migrations import helpers
from sqlalchemy import inspect

revision = "a1b2"
down_revision = ("x", "y")
"""


def revision(body: str, dialect: str = "mysql", head: str = "") -> Migration:
    """A revision with this body of `upgrade`."""
    text = f"{HEAD}{dedent(head)}\n\ndef upgrade():\n{indent(dedent(body).strip(), '    ')}\n"
    return read(SourceFile("versions/a1b2_x.py", text), Choice(tool="alembic", dialect=dialect))


def operations(body: str, dialect: str = "mysql", head: str = "") -> tuple[Operation, ...]:
    """Its operations."""
    return revision(body, dialect, head).sections[0].operations


def told(body: str, dialect: str = "mysql", head: str = "") -> list[str]:
    """Kind and target of each."""
    return [f"{each.kind} {each.target}" for each in operations(body, dialect, head)]


def test_identity_and_recognition() -> None:
    assert revision("pass").identity == "a1b2"
    assert identify("app/versions/1_x.py", HEAD) == "alembic"
    assert identify("app/versions/env.py", "from alembic import context\n") != "alembic"


@pytest.mark.parametrize(
    "condition",
    [
        'not sa.inspect(op.get_bind()).has_table("t")',
        '"t" not in inspect(op.get_bind()).get_table_names()',
        '"t" not in set(inspect(op.get_bind()).get_table_names(schema="public"))',
        'not op.get_bind().dialect.has_table(op.get_bind(), "t")',
        'not ("t" in inspect(op.get_bind()).get_table_names())',
        'inspect(op.get_bind()).has_table("t") is False or not inspect(op.get_bind()).has_table("t")',
        '"t" not in [name for name in inspect(op.get_bind()).get_table_names()]',
        'not exists("t")',
        'not exists2("t")',
        '"t" not in tables()',
        'not (exists("t") and True)',
    ],
)
def test_looks_for_a_table(condition: str) -> None:
    head = """
    def exists(name):
        bind = op.get_bind()
        return inspect(bind).has_table(name)

    def exists2(name):
        try:
            inspector = inspect(op.get_bind())
            if name in inspector.get_table_names():
                return True
        except Exception:
            return False
        return False

    def tables():
        return inspect(op.get_bind()).get_table_names()
    """
    (made,) = operations(f'if {condition}:\n    op.create_table("t", sa.Column("id", sa.Integer))', head=head)
    assert made.repeat is Repeat.SAME
    guard = made.actions[0].guard
    assert guard is not None
    assert guard.form is GuardForm.LOOK
    (made,) = operations(
        f'if not ({condition}):\n    return\nop.create_table("t", sa.Column("id", sa.Integer))', head=head
    )
    assert made.guarded


@pytest.mark.parametrize(
    "condition",
    [
        '"c" not in [c["name"] for c in inspect(op.get_bind()).get_columns("t")]',
        '"c" not in {c["name"]: c for c in inspect(op.get_bind()).get_columns("t")}',
        'not any(c["name"] == "c" for c in inspect(op.get_bind()).get_columns("t"))',
        'not any("c" == c.get("name") for c in inspect(op.get_bind()).get_columns("t"))',
        'not [c for c in inspect(op.get_bind()).get_columns("t") if c["name"] == "c"]',
        'len([c for c in inspect(op.get_bind()).get_columns("t") if c["name"] == "c"]) == 0',
        'next((c for c in inspect(op.get_bind()).get_columns("t") if c["name"] == "c"), None) is None',
        'not has_column("t", "c")',
        'not has_column(column="c", table="t")',
    ],
)
def test_looks_for_a_column(condition: str) -> None:
    head = """
    def has_column(table, column):
        for each in inspect(op.get_bind()).get_columns(table):
            if each["name"] == column:
                return True
        return False
    """
    add = 'op.add_column("t", sa.Column("c", sa.Integer))'
    (made,) = operations(f"if {condition}:\n    {add}", head=head)
    assert made.guarded
    (other,) = operations(
        f"if {condition}:\n    {add.replace('c', 'd', 1).replace(chr(34) + 'c', chr(34) + 'd')}", head=head
    )
    assert not other.guarded


def test_a_look_at_something_else_does_not_guard() -> None:
    made, index = operations(
        """
        if not inspect(op.get_bind()).has_table("t"):
            op.create_table("t", sa.Column("id", sa.Integer))
            op.create_index("i", "t", ["id"])
        """
    )
    assert made.guarded
    guard = index.actions[0].guard
    assert guard is not None
    assert not guard.covers
    assert "table t" in guard.flaw
    assert index.repeat is Repeat.FAILS


def test_what_nobody_can_read_is_not_said_to_fail() -> None:
    (made,) = operations(
        'if helpers.table_missing("t"):\n    op.create_table("t", sa.Column("id", sa.Integer))'
    )
    assert made.repeat is Repeat.UNKNOWN


def test_loops_over_what_is_there() -> None:
    (made,) = operations(
        """
        for key in inspect(op.get_bind()).get_foreign_keys("t"):
            op.drop_constraint(key["name"], "t", type_="foreignkey")
        """
    )
    assert (made.kind, made.target, made.repeat) == ("drop-constraint", "t.?", Repeat.SAME)


@pytest.mark.parametrize(
    ("condition", "dialect", "runs"),
    [
        ('op.get_bind().dialect.name == "postgresql"', "postgresql", True),
        ('op.get_bind().dialect.name == "postgresql"', "mysql", False),
        ('op.get_bind().engine.name in ("mysql", "mariadb")', "mariadb", True),
        ('op.get_context().dialect.name != "sqlite"', "sqlite", False),
        ('context.get_context().dialect.name.startswith("my")', "mysql", True),
        ('context.get_impl().__dialect__ == "sqlite"', "sqlite", True),
        ("context.is_offline_mode()", "mysql", False),
        ("not context.is_offline_mode()", "mysql", True),
        ("is_postgresql()", "postgresql", True),
        ("is_postgresql()", "sqlite", False),
        ("IS_ON and is_postgresql()", "postgresql", True),
    ],
)
def test_conditions_on_the_dialect(condition: str, dialect: str, runs: bool) -> None:
    head = """
    IS_ON = True
    def is_postgresql():
        return op.get_bind().dialect.name == "postgresql"
    """
    assert bool(told(f'if {condition}:\n    op.drop_table("t")', dialect, head)) is runs
    assert bool(told(f'if {condition}:\n    return\nop.drop_table("t")', dialect, head)) is not runs
    assert (
        len(told(f'if {condition}:\n    op.drop_table("t")\nelse:\n    op.drop_table("t")', dialect, head))
        == 1
    )


@pytest.mark.parametrize("fill", ["names[row.id] = row.name", "names.update({row.id: row.name})"])
def test_a_collection_that_was_filled_is_not_empty(fill: str) -> None:
    body = f"""
        names = {{}}
        for row in op.get_bind().execute(sa.text("SELECT id, name FROM users")):
            {fill}
        for user_id, name in names.items():
            op.execute("UPDATE posts SET author = 'x'")
    """
    assert told(body) == ["update posts"]


def test_loops_and_constants() -> None:
    head = """
    TABLES = ("a", "b")
    NAMES = {"a": ["x", "y"], "b": []}
    """
    body = """
    for table in TABLES:
        op.drop_index(f"ix_{table}", table)
    for table, columns in NAMES.items():
        for number, column in enumerate(columns):
            op.drop_column(table, column + str(number))
    for table in reversed([*TABLES, "c"]):
        if table == "b":
            continue
        op.drop_table(table)
    prefix = "p_"
    prefix += "q_"
    op.drop_table(prefix + "x")
    """
    assert told(body, "postgresql", head) == [
        "drop-index ix_a", "drop-index ix_b", "drop-column a.x0", "drop-column a.y1", "drop-table c", "drop-table a",
        "drop-table p_q_x",
    ]  # fmt: skip


def test_helpers_of_the_file_are_entered_and_others_named() -> None:
    head = """
    def add(table, *, name="n"):
        op.add_column(table, sa.Column(name, sa.Integer))

    def column():
        return sa.Column("made", sa.String(3))
    """
    body = """
    add("t")
    add(table="u", name="m")
    op.add_column("t", column())
    helpers.do("t")
    print("done")
    op.sync_enum_values("public", "x", [], [])
    """
    assert told(body, head=head) == [
        "add-column t.n", "add-column u.m", "add-column t.made", "opaque helpers.do", "opaque op.sync_enum_values",
    ]  # fmt: skip


def test_an_autocommit_block_commits_what_came_before() -> None:
    body = """
    op.drop_table("t")
    with op.get_context().autocommit_block():
        op.create_index("i", "u", ["c"], postgresql_concurrently=True)
    """
    section = revision(body, "postgresql").sections[0]
    assert [step.control for step in section.steps] == [None, Control.COMMIT, None, Control.BEGIN]
    assert all(step.by_tool for step in section.steps if step.control)
    assert any(step.control is Control.COMMIT for step in revision(body, "mysql").sections[0].steps)


def test_batches_are_one_operation_where_the_table_is_made_anew() -> None:
    body = """
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_column("a")
        batch_op.alter_column("b", nullable=False, existing_type=sa.Integer())
    """
    assert told(body, "sqlite") == ["create-table _alembic_tmp_t", "alter-table t"]
    assert told(body, "postgresql") == ["drop-column t.a", "alter-column t.b"]
    light = 'with op.batch_alter_table("t") as b:\n    b.add_column(sa.Column("a", sa.Integer))\n    b.drop_index("i")'
    assert told(light, "sqlite") == ["add-column t.a", "drop-index i"]
    assert told(light.replace('"t")', '"t", recreate="always")'), "postgresql") == ["alter-table t"]


def test_sql_in_strings_stands_where_it_is_written() -> None:
    migration = revision(
        'op.execute("""\n    CREATE TABLE a (id int);\n    DROP TABLE b;\n""")', "postgresql"
    )
    first, second = migration.sections[0].operations
    text = migration.source.text
    assert text[first.span.start : first.span.end] == "CREATE TABLE a (id int)"
    assert text[second.span.start : second.span.end] == "DROP TABLE b"
    assert first.actions[0].words == ""


@pytest.mark.parametrize(
    ("option", "flaw"),
    [
        ('op.create_unique_constraint("u", "t", ["c"], if_not_exists=True)', "ignores it"),
        ('op.add_column("t", sa.Column("c", sa.Integer), if_not_exists=True)', "syntax error"),
        ('op.drop_constraint("u", "t", type_="unique", if_exists=True)', "leaves if_exists out"),
        ('op.create_index("i", "t", ["c"], if_not_exists=True)', "syntax error"),
    ],
)
def test_options_that_do_nothing(option: str, flaw: str) -> None:
    guard = operations(option)[0].actions[0].guard
    assert guard is not None
    assert guard.form is GuardForm.OPTION
    assert not guard.covers
    assert flaw in guard.flaw


def test_options_are_older_than_some_alembic() -> None:
    text = f'{HEAD}\ndef upgrade():\n    op.drop_table("t", if_exists=True)\n'
    source = SourceFile("versions/x.py", text)
    old = Choice(tool="alembic", dialect="mysql", settings=(("alembic.version", "1.11.0"),))
    guard = read(source, old).sections[0].operations[0].actions[0].guard
    assert guard is not None
    assert "before 1.13.3" in guard.flaw
    new = Choice(tool="alembic", dialect="mysql", settings=(("alembic.version", "1.16.1"),))
    assert read(source, new).sections[0].operations[0].guarded


def test_the_dialect_that_a_text_gives_away() -> None:
    assert speaks("alembic", HEAD + "postgresql.JSONB()") == "postgresql"
    assert (
        speaks("alembic", "from sqlalchemy.dialects import mysql\nfrom sqlalchemy.dialects import sqlite")
        is None
    )
    assert speaks("alembic", HEAD + 'if op.get_bind().dialect.name == "mysql": pass') is None
    assert speaks("alembic", "import sqlalchemy as sa") is None


def test_sqlite_begins_a_transaction_with_the_first_change_of_data() -> None:
    section = revision(
        """
        op.drop_table("a")
        op.execute("SELECT 1")
        op.execute("INSERT INTO b VALUES (1)")
        op.drop_table("c")
        """,
        "sqlite",
    ).sections[0]
    assert [step.control for step in section.steps] == [None, None, Control.BEGIN, None, None]


def test_the_copy_that_a_failed_rebuild_leaves() -> None:
    body = """
    op.execute("DROP TABLE IF EXISTS _alembic_tmp_t")
    with op.batch_alter_table("t") as batch_op:
        batch_op.drop_column("a")
    with op.batch_alter_table("u") as batch_op:
        batch_op.drop_column("a")
    """
    section = revision(body, "sqlite").sections[0]
    copy = section.operations[1]
    assert (copy.kind, copy.target, copy.repeat) == ("create-table", "_alembic_tmp_t", Repeat.SAME)
    # The second one is copied inside the transaction that the first copying has begun.
    assert [each.target for each in section.operations] == ["_alembic_tmp_t", "_alembic_tmp_t", "t.a", "u.a"]
    (copy, _) = revision(body.partition("\n")[2].partition("\n")[2], "sqlite").sections[0].operations[:2]
    assert (copy.target, copy.repeat) == ("_alembic_tmp_t", Repeat.FAILS)


def test_a_batch_on_a_table_that_nobody_knows() -> None:
    body = """
    with op.batch_alter_table(helpers.TABLE) as batch_op:
        batch_op.drop_column("a")
    """
    assert told(body, "sqlite") == ["create-table _alembic_tmp_?", "drop-column ?.a"]


def test_the_template_for_several_databases() -> None:
    head = """
    def upgrade_one():
        op.drop_table("a")

    def upgrade_two():
        op.drop_table("b")
    """
    assert told('globals()["upgrade_%s" % "one"]()', head=head) == ["drop-table a", "drop-table b"]


def test_statements_inside_a_batch() -> None:
    body = """
    with op.batch_alter_table("t") as batch_op:
        batch_op.execute("DELETE FROM u")
        batch_op.drop_column("c")
    """
    assert told(body) == ["delete u", "drop-column t.c"]


@pytest.mark.parametrize(
    "parameters", ["op, tables", "op=None", "op: Operations", "*, tables, op: Operations = None"]
)
def test_an_op_that_is_handed_over_is_alembics(parameters: str) -> None:
    text = (
        "import sqlalchemy as sa\nrevision = 'a1'\ndown_revision = None\n\n\n"
        f"def upgrade({parameters}):\n    op.add_column('t', sa.Column('a', sa.Integer))\n    helper(op)\n\n\n"
        f"def downgrade({parameters}):\n    op.drop_column('t', 'a')\n\n\n"
        "def helper(op):\n    op.create_index('by_a', 't', ['a'])\n"
    )
    found = read(SourceFile("versions/a1_x.py", text), Choice(tool="alembic", dialect="mysql"))
    assert [[f"{each.kind} {each.target}" for each in one.operations] for one in found.sections] == [
        ["add-column t.a", "create-index by_a"],
        ["drop-column t.a"],
    ]
