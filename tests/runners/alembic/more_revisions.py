"""More of them: constraints, types, statements, helpers, batches."""

from __future__ import annotations

from tests.runners.alembic.case import MYSQL, POSTGRESQL, SERVERS, Case

MORE = {
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
