"""Revisions for comparing what Partway reads with what Alembic sends: every directive, in its ways of being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent

from tests.runners.alembic.runner import AlembicProject, revision

ENGINES = ("postgresql18", "postgresql15", "mariadb", "mysql", "sqlite")
SERVERS = ENGINES[:-1]
POSTGRESQL = ("postgresql18", "postgresql15")
MYSQL = ("mariadb", "mysql")
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass(frozen=True)
class Case:
    """A revision's `up` and `down` behind the `base`, and where it runs."""

    up: str
    down: str = "pass"
    engines: tuple[str, ...] = ENGINES
    convention: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    head: str = ""

    def project(self) -> AlembicProject:
        """Two revisions: the base, and this one."""
        text = revision("r2", "r1", dedent(self.up), dedent(self.down))
        return AlembicProject(
            files={
                "r1_base.py": revision("r1", None, BASE),
                "r2_case.py": IMPORTS + dedent(self.head) + text,
            },
            options=self.options,
            naming_convention=self.convention,
        )


IMPORTS = "from sqlalchemy.dialects import mysql, postgresql\nfrom alembic import context\n"

BASE = """
op.create_table("orgs", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40)))
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(40), nullable=False),
    sa.Column("age", sa.Integer, server_default="1"),
    sa.Column("org_id", sa.Integer),
    sa.Column("other_id", sa.Integer),
    sa.ForeignKeyConstraint(["other_id"], ["orgs.id"], name=op.f("users_other")),
    sa.UniqueConstraint("age", name=op.f("users_age")),
    sa.CheckConstraint("org_id > 0", name=op.f("users_positive")),
)
op.create_index(op.f("users_by_email"), "users", ["email"])
"""

CASES = {
    "create_table": Case(
        """
        op.create_table(
            "People",
            sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
            sa.Column("name", sa.String(length=50), nullable=False, index=True),
            sa.Column("code", sa.Unicode(20), unique=True),
            sa.Column("both", sa.String(20), unique=True, index=True),
            sa.Column("text", sa.Text(), comment="it's"),
            sa.Column("flag", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("on", sa.DateTime(timezone=True), server_default=sa.func.now()),
            sa.Column("at", sa.DateTime(), server_default=sa.text("'2020-01-01'")),
            sa.Column("day", sa.Date()),
            sa.Column("time", sa.Time(timezone=True)),
            sa.Column("share", sa.Float()),
            sa.Column("double", sa.Double()),
            sa.Column("price", sa.Numeric(10, 2), server_default="1.5"),
            sa.Column("small", sa.SmallInteger()),
            sa.Column("data", sa.LargeBinary()),
            sa.Column("json", sa.JSON()),
            sa.Column("uuid", sa.Uuid()),
            sa.Column("span", sa.Interval()),
            sa.Column("kind", sa.Enum("a", "b'c", name="kinds")),
            sa.Column("kind2", sa.Enum("a", "long one", name="kinds2", native_enum=False)),
            sa.Column("pickle", sa.PickleType()),
            sa.Column("double_age", sa.Integer(), sa.Computed("small * 2")),
            sa.Column("org_id", sa.Integer(), sa.ForeignKey("orgs.id", ondelete="CASCADE", name="to_org")),
            sa.Column("other", sa.Integer(), sa.ForeignKey("orgs.id")),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("name", "code", name="uq_people"),
            sa.UniqueConstraint("price", "name"),
            sa.CheckConstraint("price > 0", name="positive"),
            sa.CheckConstraint(sa.text("small > 0")),
            sa.Index("people_by_day", "day", sa.text("price DESC")),
            comment="everybody",
        )
        """,
        'op.drop_table("People")',
    ),
    "keys": Case(
        """
        op.create_table("a", sa.Column("x", sa.Integer, primary_key=True), sa.Column("y", sa.Integer, primary_key=True))
        op.create_table("b", sa.Column("id", sa.Integer, sa.ForeignKey("orgs.id"), primary_key=True))
        op.create_table("c", sa.Column("id", sa.String(10), primary_key=True), sa.Column("n", sa.Integer))
        op.create_table("d", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
        op.create_table(
            "e",
            sa.Column("x", sa.Integer),
            sa.Column("y", sa.Integer),
            sa.PrimaryKeyConstraint("x", "y", name="e_key"),
        )
        op.create_table(
            "f",
            sa.Column("x", sa.Integer),
            sa.Column("y", sa.Integer),
            sa.ForeignKeyConstraint(["x", "y"], ["e.x", "e.y"], name="f_to_e", onupdate="CASCADE", ondelete="SET NULL"),
        )
        op.create_table("g", sa.Column("id", sa.SmallInteger, primary_key=True))
        """,
        "for name in ['g', 'f', 'e', 'd', 'c', 'b', 'a']:\n    op.drop_table(name)",
    ),
    "identity": Case(
        """
        op.create_table(
            "i",
            sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
            sa.Column("n", sa.Integer),
        )
        op.add_column("i", sa.Column("m", sa.Integer, sa.Computed("n * 2", persisted=True)))
        """,
        'op.drop_column("i", "m")\nop.drop_table("i")',
        POSTGRESQL,
    ),
    "names": Case(
        """
        op.create_table(
            "people",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.String(20), unique=True),
            sa.Column("b", sa.String(20), index=True),
            sa.Column("o", sa.Integer, sa.ForeignKey("orgs.id")),
            sa.CheckConstraint("o > 0", name="positive"),
            sa.CheckConstraint("o > 1", name=op.f("as_it_is")),
            sa.UniqueConstraint("b", "a"),
        )
        op.create_index(None, "people", ["a", "b"])
        """,
        'op.drop_table("people")',
        convention=NAMES,
    ),
    "names of constraints": Case(
        """
        op.create_unique_constraint(None, "users", ["email"])
        op.create_unique_constraint("own", "users", ["org_id"])
        op.create_foreign_key(None, "users", "orgs", ["org_id"], ["id"])
        op.create_check_constraint("old", "users", "age < 200")
        op.create_check_constraint(op.f("as_it_is"), "users", "age < 200")
        op.add_column("users", sa.Column("more", sa.Integer, sa.ForeignKey("orgs.id"), unique=True))
        """,
        """
        op.drop_constraint("old", "users", type_="check")
        op.drop_constraint(op.f("as_it_is"), "users", type_="check")
        op.drop_constraint("fk_users_org_id_orgs", "users", type_="foreignkey")
        op.drop_constraint("own", "users", type_="unique")
        op.drop_constraint("uq_users_email", "users", type_="unique")
        """,
        SERVERS,
        NAMES,
    ),
    "long names": Case(
        """
        op.create_table(
            "a_table_whose_name_is_quite_long_already",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a_column_whose_name_is_quite_long_as_well", sa.String(20), index=True),
        )
        op.create_index(
            op.f("an_index_that_says_all_about_its_table_and_about_all_of_its_columns_as_well"),
            "users",
            ["age"],
        )
        """,
        'op.drop_table("a_table_whose_name_is_quite_long_already")',
    ),
    "columns": Case(
        """
        op.add_column("users", sa.Column("a", sa.Integer()))
        op.add_column("users", sa.Column("b", sa.String(10), nullable=False, server_default=""))
        op.add_column("users", sa.Column("c", sa.Integer, index=True))
        op.add_column("users", sa.Column("d", sa.String(9), comment="what"))
        op.add_column(table_name="users", column=sa.Column("e", sa.Boolean))
        """,
        """
        op.drop_column("users", "e")
        op.drop_column(table_name="users", column_name="d")
        op.drop_index("ix_users_c", table_name="users")
        op.drop_column("users", "c")
        op.drop_column("users", "b")
        op.drop_column("users", "a")
        """,
    ),
    "columns with constraints": Case(
        """
        op.add_column("users", sa.Column("a", sa.Integer, sa.ForeignKey("orgs.id", name="users_to_org")))
        op.add_column("users", sa.Column("b", sa.Integer, unique=True))
        op.add_column("users", sa.Column("c", sa.Integer, sa.ForeignKey("orgs.id")))
        """,
        'op.drop_constraint("users_to_org", "users", type_="foreignkey")',
        SERVERS,
    ),
    "alter_column": Case(
        """
        op.alter_column("users", "age", nullable=False, existing_type=sa.Integer(), existing_server_default="1")
        op.alter_column("users", "age", server_default=None, existing_type=sa.Integer())
        op.alter_column("users", "age", server_default="5", existing_type=sa.Integer())
        op.alter_column("users", "age", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=True)
        op.alter_column("users", "age", new_column_name="years", existing_type=sa.BigInteger())
        op.alter_column("users", "email", type_=sa.String(50), nullable=True, existing_type=sa.String(40))
        op.alter_column("users", "email", comment="where to write", existing_type=sa.String(50))
        op.alter_column("users", "email", comment=None, existing_type=sa.String(50))
        """,
        'op.alter_column("users", "years", new_column_name="age", existing_type=sa.BigInteger())',
        SERVERS,
    ),
    "alter_column with a default that is a function": Case(
        """
        op.add_column("users", sa.Column("at", sa.DateTime()))
        op.alter_column("users", "at", server_default=sa.text("CURRENT_TIMESTAMP"), existing_type=sa.DateTime())
        op.alter_column("users", "at", server_default=sa.func.now(), existing_type=sa.DateTime(), nullable=False)
        """,
        engines=SERVERS,
    ),
    "alter_column on PostgreSQL": Case(
        """
        op.alter_column("users", "age", type_=sa.Text(), postgresql_using="age::text", server_default=None)
        op.alter_column("users", "email", type_=postgresql.ARRAY(sa.String(3)), postgresql_using="ARRAY[email]")
        """,
        engines=POSTGRESQL,
    ),
    "rename a column": Case('op.alter_column("users", "age", new_column_name="years")', engines=("sqlite",)),
    "indexes": Case(
        """
        op.create_index("by_age", "users", ["age"], unique=True)
        op.create_index("by_both", "users", ["age", "email"])
        op.create_index(None, "users", ["org_id"])
        op.create_index(op.f("ix_users_other_id"), table_name="users", columns=["other_id"])
        """,
        """
        op.drop_index("by_both", table_name="users")
        op.drop_index(op.f("by_age"), "users")
        """,
    ),
    "indexes on PostgreSQL": Case(
        """
        op.create_index("p1", "users", ["age"], postgresql_where=sa.text("age > 3"))
        op.create_index("p2", "users", ["email"], postgresql_using="hash")
        op.create_index("p3", "users", [sa.text("lower(email)")], unique=True)
        op.create_index("p4", "users", ["age"], postgresql_include=["email"])
        op.create_index("p5", "users", ["email"], postgresql_ops={"email": "varchar_pattern_ops"})
        with op.get_context().autocommit_block():
            op.create_index("p6", "users", ["age"], postgresql_concurrently=True, if_not_exists=True)
            op.drop_index("p6", table_name="users", postgresql_concurrently=True, if_exists=True)
        """,
        engines=POSTGRESQL,
    ),
    "indexes on MySQL": Case(
        """
        op.create_index("m1", "users", ["email"], mysql_length=10)
        op.create_index("m2", "users", ["email", "age"], mysql_length={"email": 5})
        """,
        engines=MYSQL,
    ),
    "constraints": Case(
        """
        op.create_unique_constraint("u1", "users", ["email"])
        op.create_foreign_key("f1", "users", "orgs", ["org_id"], ["id"], ondelete="CASCADE", onupdate="RESTRICT")
        op.create_foreign_key(
            constraint_name="f2",
            source_table="users",
            referent_table="orgs",
            local_cols=["org_id"],
            remote_cols=["id"],
        )
        op.create_check_constraint("c1", "users", "age < 100")
        op.create_check_constraint("c2", "users", sa.column("age") < 150)
        op.create_unique_constraint(None, "users", ["org_id"])
        op.create_table("k", sa.Column("a", sa.Integer, nullable=False))
        op.create_primary_key("k_key", "k", ["a"])
        """,
        """
        op.drop_constraint("c1", "users", type_="check")
        op.drop_constraint("f1", "users", "foreignkey")
        op.drop_constraint("f2", table_name="users", type_="foreignkey")
        op.drop_constraint("u1", "users", type_="unique")
        op.drop_constraint("k_key", "k", type_="primary")
        """,
        SERVERS,
    ),
    "constraints on PostgreSQL": Case(
        """
        op.create_foreign_key(
            "f1",
            "users",
            "orgs",
            ["org_id"],
            ["id"],
            deferrable=True,
            initially="DEFERRED",
            postgresql_not_valid=True,
        )
        op.create_exclude_constraint("x1", "users", (sa.column("age"), "="), using="btree")
        op.create_unique_constraint("u1", "users", ["email"], deferrable=True)
        """,
        'op.drop_constraint("u1", "users")\nop.drop_constraint("x1", "users", if_exists=True)',
        POSTGRESQL,
    ),
    "tables": Case(
        """
        op.rename_table("orgs", "Organisations")
        op.create_table("t", sa.Column("id", sa.Integer), if_not_exists=True)
        op.drop_table("t", if_exists=True)
        op.drop_table("not_there", if_exists=True)
        """,
        'op.rename_table("Organisations", "orgs")',
    ),
    "comments": Case(
        """
        op.create_table_comment("users", "all of them")
        op.drop_table_comment("users", existing_comment="all of them")
        """,
        engines=SERVERS,
    ),
    "guards": Case(
        """
        op.add_column("users", sa.Column("a", sa.Integer), if_not_exists=True)
        op.create_index("by_a", "users", ["a"], if_not_exists=True)
        op.drop_index("by_a", table_name="users", if_exists=True)
        op.drop_column("users", "a", if_exists=True)
        """,
        engines=(*POSTGRESQL, "mariadb"),
    ),
    "schemas": Case(
        """
        op.execute("CREATE SCHEMA s")
        op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("n", sa.Integer, index=True),
            sa.Column("k", sa.Enum("a", name="k", schema="s")),
            schema="s",
        )
        op.create_index("by_n", "t", ["n"], schema="s")
        op.add_column("t", sa.Column("m", sa.Integer, sa.ForeignKey("orgs.id")), schema="s")
        op.create_foreign_key("fk", "t", "users", ["n"], ["id"], source_schema="s", referent_schema="public")
        op.create_unique_constraint("u", "t", ["m"], schema="s")
        """,
        """
        op.drop_constraint("u", "t", schema="s")
        op.drop_index("by_n", "t", schema="s")
        op.drop_table("t", schema="s")
        """,
        POSTGRESQL,
    ),
    "enums": Case(
        """
        mood = postgresql.ENUM("sad", "ok", name="mood", create_type=False)
        mood.create(op.get_bind(), checkfirst=True)
        op.create_table("m", sa.Column("a", mood), sa.Column("b", mood, server_default="ok"))
        kind = sa.Enum("x", "y", name="kind")
        kind.create(op.get_bind())
        op.add_column("users", sa.Column("kind", kind))
        op.execute("ALTER TYPE mood ADD VALUE 'happy'")
        """,
        """
        op.drop_column("users", "kind")
        op.drop_table("m")
        sa.Enum(name="kind").drop(op.get_bind(), checkfirst=False)
        postgresql.ENUM(name="mood").drop(op.get_bind())
        """,
        POSTGRESQL,
    ),
    "types of PostgreSQL": Case(
        """
        op.create_table(
            "t",
            sa.Column("a", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb")),
            sa.Column("b", postgresql.UUID(as_uuid=True), server_default=sa.text("gen_random_uuid()")),
            sa.Column("c", postgresql.ARRAY(sa.String(3))),
            sa.Column("d", postgresql.TIMESTAMP(precision=3, timezone=True)),
            sa.Column("e", postgresql.INET()),
            sa.Column("f", postgresql.BIT(3, varying=True)),
            sa.Column("g", postgresql.DOUBLE_PRECISION()),
            sa.Column("h", postgresql.TSVECTOR()),
            sa.Column("i", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
            sa.Column("j", sa.TIMESTAMP(timezone=True)),
            sa.Column("k", sa.VARCHAR(length=3)),
            sa.Column("l", postgresql.INTERVAL(precision=3)),
            sa.Column("m", sa.ARRAY(sa.Integer)),
            sa.Column("n", postgresql.INT4RANGE()),
            sa.Column("o", sa.CHAR(2)),
            sa.Column("p", sa.Float(53)),
        )
        """,
        'op.drop_table("t")',
        POSTGRESQL,
    ),
    "types of MySQL": Case(
        """
        op.create_table(
            "t",
            sa.Column("a", mysql.TINYINT(1)),
            sa.Column("b", mysql.INTEGER(display_width=11, unsigned=True), nullable=False),
            sa.Column("c", mysql.LONGTEXT()),
            sa.Column("d", mysql.DATETIME(fsp=6)),
            sa.Column("e", mysql.ENUM("a", "b")),
            sa.Column("f", mysql.VARCHAR(length=30, collation="utf8mb4_bin")),
            sa.Column("g", mysql.MEDIUMBLOB()),
            sa.Column("h", mysql.DOUBLE(precision=10, scale=2)),
            sa.Column("i", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")),
            sa.Column("j", mysql.BIGINT(20), primary_key=True, autoincrement=True),
            mysql_engine="InnoDB",
            mysql_charset="utf8mb4",
        )
        """,
        'op.drop_table("t")',
        MYSQL,
    ),
    "statements": Case(
        """
        op.execute("UPDATE users SET age = 3")
        op.execute(sa.text("DELETE FROM users WHERE age = 4"))
        users = sa.table("users", sa.column("age"), sa.column("email"))
        op.execute(users.update().where(users.c.age == 3).values(age=4))
        op.execute(sa.update(users).values({"email": "x"}).where(users.c.email.is_(None)))
        op.execute(users.insert().values(age=1, email="x"))
        op.execute(users.delete().where(users.c.age == 1))
        op.bulk_insert(users, [{"age": 5, "email": "a"}, {"age": 6, "email": "b"}])
        bind = op.get_bind()
        bind.execute(sa.text("UPDATE users SET org_id = org_id + 1"))
        for value in ("x", "y"):
            op.execute(f"DELETE FROM orgs WHERE name = '{value}'")
        """,
    ),
    "by dialect": Case(
        """
        name = op.get_bind().dialect.name
        if name == "postgresql":
            op.execute("UPDATE users SET age = 1")
        elif context.get_context().dialect.name in ("mysql", "mariadb"):
            op.execute("UPDATE users SET age = 2")
        else:
            op.execute("UPDATE users SET age = 3")
        if context.get_impl().__dialect__ != "sqlite":
            op.execute("DELETE FROM users")
        if context.is_offline_mode():
            op.execute("DELETE FROM orgs")
        if name == "sqlite":
            return
        op.create_index("later", "users", ["age"])
        """,
    ),
    "helpers": Case(
        """
        for table, column in COLUMNS.items():
            add(table, column)
        add("users", "c", type_=sa.String(9))
        for name in reversed(list(COLUMNS)):
            op.create_index(f"by_{name}_x", name, ["id"])
        """,
        head="""
        COLUMNS = {"users": "a", "orgs": "b"}

        def add(table, column, *, type_=None):
            op.add_column(table, sa.Column(column, type_ or sa.Integer()))

        """,
    ),
    "batch": Case(
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("a", sa.Integer(), nullable=True))
            batch_op.create_index("by_a", ["a"], unique=False)
        with op.batch_alter_table("users", schema=None) as batch_op:
            batch_op.drop_index("by_a")
        with op.batch_alter_table("users", recreate="never") as batch_op:
            batch_op.drop_column("a")
        """,
    ),
    "batch on a server": Case(
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("a", sa.Integer(), sa.ForeignKey("orgs.id", name="a_to_org")))
            batch_op.alter_column("age", existing_type=sa.Integer(), nullable=False)
            batch_op.create_unique_constraint("u", ["email"])
            batch_op.create_foreign_key("f", "orgs", ["org_id"], ["id"])
            batch_op.create_check_constraint("c", "age < 100")
            batch_op.drop_constraint("users_other", type_="foreignkey")
        """,
        engines=SERVERS,
    ),
}
