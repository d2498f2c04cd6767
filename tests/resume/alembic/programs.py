"""Revisions that are programs: with functions, loops, branches and conditions of their own."""

from __future__ import annotations

from tests.resume.alembic.case import SERVERS, SQLITE, Case

PROGRAMS: dict[str, Case] = {
    "helper function": Case(
        """
        add_audit("users")
        op.add_column("users", sa.Column("nick", sa.String(9)))
        add_audit("posts")
        """,
        """
        op.drop_index("ix_posts_made_at", "posts")
        op.drop_column("posts", "made_at")
        op.drop_column("users", "nick")
        op.drop_index("ix_users_made_at", "users")
        op.drop_column("users", "made_at")
        """,
        head='''


        def add_audit(table: str) -> None:
            """When a row was made."""
            op.add_column(table, sa.Column("made_at", sa.DateTime()))
            op.create_index(f"ix_{table}_made_at", table, ["made_at"])
        ''',
    ),
    "loops": Case(
        """
        for table in TABLES:
            op.add_column(table, sa.Column("tenant_id", sa.Integer()))
        for table, column in [("users", "email"), ("posts", "title")]:
            op.create_index(f"by_{table}_{column}", table, ["tenant_id", column])
        op.drop_index("by_name", "users")
        """,
        """
        op.create_index("by_name", "users", ["name"])
        op.drop_index("by_posts_title", "posts")
        op.drop_index("by_users_email", "users")
        for table in reversed(TABLES):
            op.drop_column(table, "tenant_id")
        """,
        head="""
        TABLES = ["users", "posts", "old_things"]
        """,
    ),
    "branches": Case(
        """
        bind = op.get_bind()
        op.add_column("users", sa.Column("nick", sa.String(9)))
        if bind.dialect.name == "sqlite":
            op.create_index("by_nick", "users", ["nick"])
        else:
            op.create_unique_constraint("uq_nick", "users", ["nick"])
        op.add_column("posts", sa.Column("rank", sa.Integer()))
        """,
        """
        op.drop_column("posts", "rank")
        if op.get_bind().dialect.name == "sqlite":
            op.drop_index("by_nick", "users")
        else:
            op.drop_constraint("uq_nick", "users", type_="unique")
        op.drop_column("users", "nick")
        """,
    ),
    "own guards": Case(
        """
        inspector = sa.inspect(op.get_bind())
        if not inspector.has_table("roles"):
            op.create_table("roles", sa.Column("id", sa.Integer(), primary_key=True))
        columns = [column["name"] for column in inspector.get_columns("users")]
        if "role_id" not in columns:
            op.add_column("users", sa.Column("role_id", sa.Integer()))
        op.create_index("by_role", "users", ["role_id"])
        """,
        """
        op.drop_index("by_role", "users")
        op.drop_column("users", "role_id")
        op.drop_table("roles")
        """,
    ),
    "options": Case(
        """
        op.create_table(
            "roles", sa.Column("id", sa.Integer(), primary_key=True), if_not_exists=True
        )
        op.create_index("by_email", "users", ["email"], if_not_exists=True)
        op.drop_table("old_things", if_exists=True)
        op.add_column("users", sa.Column("role_id", sa.Integer()))
        """,
        """
        op.drop_column("users", "role_id")
        op.create_table(
            "old_things",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("label", sa.String(40)),
            sa.UniqueConstraint("label", name="uq_label"),
        )
        op.drop_index("by_email", "users")
        op.drop_table("roles")
        """,
    ),
    "other databases leave first": Case(
        """
        if op.get_context().dialect.name == "sqlite":
            return
        op.add_column("users", sa.Column("nick", sa.String(9)))
        if op.get_context().dialect.name == "postgresql":
            op.create_index("by_nick", "users", ["nick"], postgresql_using="hash")
        elif op.get_context().dialect.name == "mysql":
            op.create_index("by_nick", "users", ["nick"], mysql_length=3)
        op.drop_index("by_name", "users")
        """,
        """
        op.create_index("by_name", "users", ["name"])
        op.drop_index("by_nick", "users")
        op.drop_column("users", "nick")
        """,
        SERVERS,
    ),
    "rows by rows": Case(
        """
        levels = op.create_table(
            LEVELS,
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("name", sa.String(9)),
        )
        rows = [{"id": number, "name": name} for number, name in enumerate(NAMES, 1)]
        op.bulk_insert(levels, rows)
        users = sa.table("users", sa.column("id", sa.Integer()), sa.column("level_id"))
        op.add_column("users", sa.Column("level_id", sa.Integer()))
        op.execute(users.update().where(users.c.id > 0).values(level_id=1))
        op.create_index("by_level", "users", ["level_id"])
        """,
        """
        op.drop_index("by_level", "users")
        op.drop_column("users", "level_id")
        op.drop_table(LEVELS)
        """,
        head="""
        LEVELS = "levels"
        NAMES = ("low", "high")
        """,
    ),
    "batch in a loop": Case(
        """
        for table in ("users", "posts"):
            with op.batch_alter_table(table) as batch_op:
                batch_op.add_column(sa.Column("made_at", sa.DateTime()))
                batch_op.create_index(f"by_{table}_made_at", ["made_at"])
        op.drop_index("by_name", "users")
        """,
        """
        op.create_index("by_name", "users", ["name"])
        for table in ("posts", "users"):
            with op.batch_alter_table(table) as batch_op:
                batch_op.drop_index(f"by_{table}_made_at")
                batch_op.drop_column("made_at")
        """,
        SERVERS,
    ),
    "batch with its own order": Case(
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_index("by_name")
            batch_op.create_index("by_name", ["name", "email"])
            batch_op.add_column(sa.Column("nick", sa.String(9), index=True))
        op.add_column("posts", sa.Column("rank", sa.Integer()))
        """,
        """
        op.drop_column("posts", "rank")
        op.drop_index("ix_users_nick", "users")
        op.drop_column("users", "nick")
        op.drop_index("by_name", "users")
        op.create_index("by_name", "users", ["name"])
        """,
        SERVERS,
    ),
    "answers worked on": Case(
        """
        conn = op.get_bind()
        op.add_column("posts", sa.Column("author", sa.String(40)))
        result = conn.execute(sa.text("SELECT id, name FROM users"))
        rows = result.fetchall()
        names = {}
        for row in rows:
            names[row.id] = row.name
        for user_id, name in names.items():
            conn.execute(
                sa.text("UPDATE posts SET author = :name WHERE user_id = :id"),
                {"name": name, "id": user_id},
            )
        op.drop_index("by_name", "users")
        op.drop_column("users", "name")
        op.create_index("by_author", "posts", ["author"])
        """,
        """
        op.drop_index("by_author", "posts")
        op.add_column("users", sa.Column("name", sa.String(40)))
        op.create_index("by_name", "users", ["name"])
        op.drop_column("posts", "author")
        """,
        SERVERS,
    ),
    "rebuild of what others refer to": Case(
        """
        # Or the rows that refer to users would go with them.
        op.execute("PRAGMA foreign_keys = OFF")
        op.add_column("users", sa.Column("nick", sa.String(9)))
        with op.batch_alter_table("users") as batch_op:
            batch_op.alter_column("age", existing_type=sa.Integer(), type_=sa.BigInteger())
        op.create_index("by_nick", "users", ["nick"])
        """,
        """
        op.drop_index("by_nick", "users")
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("nick")
            batch_op.alter_column("age", existing_type=sa.BigInteger(), type_=sa.Integer())
        """,
        SQLITE,
    ),
}
