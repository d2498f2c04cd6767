"""Revisions of what every database takes, and of what SQLite does in its own way."""

from __future__ import annotations

from tests.resume.alembic.case import SQLITE, Case

SMALL: dict[str, Case] = {
    "column renamed": Case(
        """
        op.execute("ALTER TABLE users RENAME COLUMN email TO mail")
        op.add_column("users", sa.Column("mailed_at", sa.DateTime()))
        op.create_index("by_mail", "users", ["mail", "mailed_at"])
        op.drop_index("by_name", "users")
        """,
        """
        op.create_index("by_name", "users", ["name"])
        op.drop_index("by_mail", "users")
        op.drop_column("users", "mailed_at")
        op.execute("ALTER TABLE users RENAME COLUMN mail TO email")
        """,
    ),
    "tables that refer": Case(
        """
        op.create_table(
            "teams",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("code", sa.String(9), nullable=False, unique=True),
        )
        op.create_table(
            "members",
            sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), primary_key=True),
            sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True),
            sa.Column("since", sa.Date(), server_default="2026-01-01"),
        )
        op.create_index("by_user", "members", ["user_id", "since"])
        op.add_column("teams", sa.Column("size", sa.Integer(), server_default="0"))
        """,
        """
        op.drop_table("members")
        op.drop_table("teams")
        """,
    ),
    "view made anew": Case(
        """
        op.execute("CREATE VIEW people AS SELECT id, name FROM users")
        op.add_column("users", sa.Column("nick", sa.String(9)))
        op.execute("DROP VIEW people")
        op.execute("CREATE VIEW people AS SELECT id, name, nick FROM users")
        op.create_index("by_nick", "users", ["nick"])
        """,
        """
        op.execute("DROP VIEW people")
        op.drop_index("by_nick", "users")
        op.drop_column("users", "nick")
        """,
    ),
    "table renamed away and back": Case(
        """
        op.rename_table("posts", "articles")
        op.create_index("by_title", "articles", ["title"])
        op.rename_table("articles", "posts")
        op.drop_index("by_title", "posts")
        op.create_index("by_author", "posts", ["user_id"])
        """,
        """
        op.drop_index("by_author", "posts")
        """,
    ),
    "triggers": Case(
        '''
        op.add_column("users", sa.Column("touched", sa.Integer(), server_default="0"))
        op.execute(
            """
            CREATE TRIGGER touch AFTER UPDATE OF name ON users
            BEGIN
                UPDATE users SET touched = touched + 1 WHERE id = NEW.id;
            END
            """
        )
        op.create_index(
            "by_touched", "users", ["touched"], sqlite_where=sa.text("touched > 0")
        )
        op.create_index("by_lower", "users", [sa.text("lower(name)")])
        ''',
        """
        op.drop_index("by_lower", "users")
        op.drop_index("by_touched", "users")
        op.execute("DROP TRIGGER touch")
        op.drop_column("users", "touched")
        """,
        SQLITE,
    ),
    "rebuilds that drop": Case(
        """
        with op.batch_alter_table("users", recreate="always") as batch_op:
            batch_op.drop_column("org_id")
        with op.batch_alter_table("posts") as batch_op:
            batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
            batch_op.alter_column(
                "title", existing_type=sa.String(40), server_default="none"
            )
        op.create_index("by_rank", "posts", ["rank"])
        op.drop_table("old_things")
        """,
        """
        op.create_table(
            "old_things",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("label", sa.String(40)),
            sa.UniqueConstraint("label", name="uq_label"),
        )
        op.drop_index("by_rank", "posts")
        with op.batch_alter_table("posts") as batch_op:
            batch_op.alter_column("title", existing_type=sa.String(40), server_default=None)
            batch_op.drop_column("rank")
        with op.batch_alter_table("users") as batch_op:
            batch_op.add_column(sa.Column("org_id", sa.Integer()))
        """,
        SQLITE,
    ),
}
