"""Which guards Alembic honours on which engine, as a second run of the same revision shows it.

Where an option is not known it is a warning at most; where the engine has no such words it is a syntax error at once.
A line that a rule or a fix relies on belongs here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.runners.alembic.runner import AlembicProject, AlembicRunner, revision
from tests.runners.plugin import Runners
from tests.runners.runner import Repeat

ENGINES = ["postgresql15", "mariadb", "mysql", "sqlite"]

SET_UP = """
op.create_table(
    "users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(50)),
    sa.Column("age", sa.Integer), sa.CheckConstraint("age > 0", name="ck_age"),
)
op.create_table(
    "posts", sa.Column("id", sa.Integer, primary_key=True), sa.Column("slug", sa.String(50)),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", name="fk_user")),
    sa.Column("editor_id", sa.Integer), sa.Column("title", sa.String(50)),
    sa.UniqueConstraint("title", name="uq_title"),
)
op.create_index("by_slug", "posts", ["slug"])
op.create_table("spare", sa.Column("id", sa.Integer, primary_key=True))
"""

# What the second run does on PostgreSQL, MariaDB, MySQL and SQLite; "refused" is a first run that fails.
LINES = {
    # The engines' own IF [NOT] EXISTS.
    'op.create_table("extra", sa.Column("id", sa.Integer), if_not_exists=True)': "same same same same",
    'op.drop_table("spare", if_exists=True)': "same same same same",
    'op.create_index("by_email", "users", ["email"], if_not_exists=True)': "same same refused same",
    'op.drop_index("by_slug", "posts", if_exists=True)': "same same refused same",
    'op.add_column("users", sa.Column("extra", sa.Integer), if_not_exists=True)': "same same refused refused",
    'op.drop_column("users", "email", if_exists=True)': "same same refused refused",
    # Of constraints PostgreSQL alone: elsewhere the option is dropped without a word.
    'op.drop_constraint("fk_user", "posts", type_="foreignkey", if_exists=True)': "same fails fails refused",
    'op.drop_constraint("uq_title", "posts", type_="unique", if_exists=True)': "same fails fails refused",
    'op.drop_constraint("ck_age", "users", type_="check", if_exists=True)': "same fails fails refused",
    # What stands inside a guarded operation and becomes a statement of its own is not guarded.
    'op.create_table("extra", sa.Column("x", sa.String(20), index=True), if_not_exists=True)': (
        "fails fails fails fails"
    ),
    'op.create_table("extra", sa.Column("x", sa.String(20), unique=True), if_not_exists=True)': (
        "same same same same"
    ),
    'op.create_table("extra", sa.Column("x", sa.Enum("a", "b", name="mood")), if_not_exists=True)': (
        "fails same same same"
    ),
    'op.add_column("users", sa.Column("extra", sa.String(20), index=True), if_not_exists=True)': (
        "fails fails refused refused"
    ),
    'op.add_column("users", sa.Column("extra", sa.String(20), unique=True), if_not_exists=True)': (
        "changes changes refused refused"
    ),
    'op.add_column("posts", sa.Column("x", sa.Integer, sa.ForeignKey("users.id")), if_not_exists=True)': (
        "changes changes refused refused"
    ),
    'op.add_column("posts", sa.Column("x", sa.Integer, sa.ForeignKey("users.id", name="fk")), if_not_exists=True)': (
        "fails fails refused refused"
    ),
    # Without a name the engine finds one, and another one the next time.
    'op.create_foreign_key(None, "posts", "users", ["user_id"], ["id"])': "changes changes changes refused",
    'op.create_unique_constraint(None, "users", ["email"])': "changes changes changes refused",
    'op.create_check_constraint(None, "users", "age < 9")': "changes changes changes refused",
    'op.create_index(None, "users", ["email"])': "fails fails fails fails",
    # No guard at all.
    'op.rename_table("spare", "other")': "fails fails fails fails",
    'op.alter_column("users", "email", new_column_name="mail", existing_type=sa.String(50))': (
        "fails fails fails fails"
    ),
    'op.alter_column("users", "email", type_=sa.String(80), existing_type=sa.String(50))': (
        "same same same refused"
    ),
    'op.alter_column("users", "email", nullable=False, existing_type=sa.String(50))': (
        "same same same refused"
    ),
    'op.bulk_insert(sa.table("users", sa.column("age")), [{"age": 1}])': "changes changes changes changes",
    # Look-ups work everywhere.
    'if not sa.inspect(op.get_bind()).has_table("x"): op.create_table("x", sa.Column("id", sa.Integer))': (
        "same same same same"
    ),
    'if not sa.inspect(op.get_bind()).has_index("users", "i"): op.create_index("i", "users", ["email"])': (
        "same same same same"
    ),
    'if all(column["name"] != "x" for column in sa.inspect(op.get_bind()).get_columns("users")):'
    ' op.add_column("users", sa.Column("x", sa.Integer))': "same same same same",
    # A batch is ordinary ALTERs but on SQLite, where the table is made anew: what has a name there is replaced.
    'with op.batch_alter_table("users") as b: b.add_column(sa.Column("x", sa.Integer), if_not_exists=True)': (
        "same same refused refused"
    ),
    'with op.batch_alter_table("users") as b: b.drop_column("email", if_exists=True)': (
        "same same refused fails"
    ),
    'with op.batch_alter_table("users") as b: b.create_index("i", ["email"], if_not_exists=True)': (
        "same same refused same"
    ),
    'with op.batch_alter_table("users") as b: b.create_unique_constraint("uq", ["email"])': (
        "fails fails fails same"
    ),
    'with op.batch_alter_table("posts") as b: b.create_foreign_key("fk", "users", ["editor_id"], ["id"])': (
        "fails fails fails same"
    ),
    'with op.batch_alter_table("posts") as b: b.drop_constraint("uq_title", type_="unique")': (
        "fails fails fails fails"
    ),
}

# A warning of SQLAlchemy's is all that tells.
IGNORED = [
    'op.create_unique_constraint("uq", "users", ["email"], if_not_exists=True)',
    'op.create_foreign_key("fk", "posts", "users", ["editor_id"], ["id"], if_not_exists=True)',
    'op.create_check_constraint("ck", "users", "age < 9", if_not_exists=True)',
]


def loaded(
    runners: Runners, engine: str, lines: str, convention: Mapping[str, str] | None = None
) -> AlembicRunner:
    """Alembic with the tables made and a second revision pending."""
    alembic = runners.alembic(engine)
    files = {"a.py": revision("a", None, SET_UP), "b.py": revision("b", "a", lines)}
    alembic.load(AlembicProject(files=files, naming_convention=convention or {}))
    done = alembic.up("a.py")
    assert done.ok, done.error
    return alembic


def repeat(runners: Runners, engine: str, lines: str) -> Repeat | None:
    """What the second run did, or None where the first was refused."""
    alembic = loaded(runners, engine, lines)
    return alembic.again("b.py") if alembic.up("b.py").ok else None


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("line", LINES)
def test_second_run(runners: Runners, engine: str, line: str) -> None:
    repeated = repeat(runners, engine, line)
    assert (repeated.verdict if repeated else "refused") == LINES[line].split()[ENGINES.index(engine)]


@pytest.mark.parametrize("engine", ["postgresql15", "mariadb", "mysql"])
@pytest.mark.parametrize("line", IGNORED)
def test_option_is_ignored_with_a_warning(runners: Runners, engine: str, line: str) -> None:
    repeated = repeat(runners, engine, line)
    assert repeated
    assert repeated.verdict == "fails"
    assert any("Can't validate argument 'if_not_exists'" in text for text in repeated.outcome.warnings)


def test_option_of_create_primary_key_raises(runners: Runners) -> None:
    alembic = loaded(runners, "sqlite", 'op.create_primary_key("pk", "spare", ["id"], if_not_exists=True)')
    assert "TypeError" in alembic.up("b.py").error


def test_inspector_remembers(runners: Runners) -> None:
    """One that was asked before an operation does not see what it made: each look-up needs a new one."""
    lines = """
inspector = sa.inspect(op.get_bind())
assert not inspector.has_index("users", "i")
op.create_index("i", "users", ["email"])
assert not inspector.has_index("users", "i")
assert sa.inspect(op.get_bind()).has_index("users", "i")
"""
    for engine in ("postgresql15", "mariadb", "sqlite"):
        done = loaded(runners, engine, lines).up("b.py")
        assert done.ok, done.error


@pytest.mark.parametrize("engine", ["postgresql15", "mariadb", "mysql"])
def test_naming_convention_names_what_has_no_name(runners: Runners, engine: str) -> None:
    convention = {
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
    lines = """
op.create_foreign_key(None, "posts", "users", ["editor_id"], ["id"])
op.create_unique_constraint(None, "users", ["email"])
op.create_check_constraint("young", "users", "age < 9")
"""
    alembic = loaded(runners, engine, lines, convention)
    done = alembic.up("b.py")
    assert done.ok, done.error
    found = alembic.schema()
    assert "constraint posts.fk_posts_editor_id" in found
    assert "index users.uq_users_email" in found
    assert "constraint users.ck_users_young" in found
    assert alembic.again("b.py").verdict == "fails"


@pytest.mark.parametrize(
    ("down", "ok"), [("pass", True), ("raise NotImplementedError", False), ('op.drop_table("x")', True)]
)
def test_way_down_is_what_the_file_says(runners: Runners, down: str, ok: bool) -> None:
    """An empty downgrade succeeds, and the version moves."""
    alembic = runners.alembic("sqlite")
    text = revision("a", None, 'op.create_table("x", sa.Column("id", sa.Integer))', down)
    alembic.load(AlembicProject(files={"a.py": text}))
    assert alembic.up("a.py").ok
    taken_back = alembic.down("a.py")
    assert (taken_back.ok, taken_back.recorded) == (ok, not ok)
    assert ("table x" in alembic.schema()) == ("drop" not in down)
