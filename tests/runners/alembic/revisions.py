"""Revisions for comparing what Partway reads with what Alembic sends: every directive, in its ways of being written."""

from __future__ import annotations

from tests.runners.alembic.case import MYSQL, NAMES, POSTGRESQL, SERVERS, Case
from tests.runners.alembic.more_revisions import MORE

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
    **MORE,
}
