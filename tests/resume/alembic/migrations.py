"""Revisions of several statements each, as people and `alembic revision --autogenerate` write them."""

from __future__ import annotations

from tests.resume.alembic.case import MARIADB, NAMES, POSTGRESQL, SERVERS, SQLITE, Case
from tests.resume.alembic.more_migrations import MORE
from tests.resume.alembic.programs import PROGRAMS
from tests.resume.alembic.small_migrations import SMALL

CASES: dict[str, Case] = {
    "roles": Case(
        """
        op.create_table(
            "roles",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(length=9), nullable=True),
            sa.PrimaryKeyConstraint("id"),
        )
        op.add_column("users", sa.Column("role_id", sa.Integer(), nullable=True))
        op.create_index(op.f("ix_users_role_id"), "users", ["role_id"], unique=False)
        op.add_column(
            "roles", sa.Column("size", sa.Integer(), server_default="1", nullable=False)
        )
        """,
        """
        op.drop_column("roles", "size")
        op.drop_index(op.f("ix_users_role_id"), table_name="users")
        op.drop_column("users", "role_id")
        op.drop_table("roles")
        """,
    ),
    "renames": Case(
        """
        op.rename_table("old_things", "things")
        op.add_column("things", sa.Column("size", sa.Integer()))
        op.create_index("by_size", "things", ["size"])
        """,
        """
        op.drop_index("by_size", "things")
        op.drop_column("things", "size")
        op.rename_table("things", "old_things")
        """,
    ),
    "replaced index": Case(
        """
        op.drop_index("by_name", "users")
        op.create_index("by_name", "users", ["name", "email"])
        op.add_column("users", sa.Column("nick", sa.String(9)))
        """,
        """
        op.drop_column("users", "nick")
        op.drop_index("by_name", "users")
        op.create_index("by_name", "users", ["name"])
        """,
    ),
    "table anew": Case(
        """
        op.create_table(
            "new_things",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("label", sa.String(40)),
            sa.Column("size", sa.Integer()),
        )
        op.execute("INSERT INTO new_things (id, label) SELECT id, label FROM old_things")
        op.drop_table("old_things")
        op.rename_table("new_things", "old_things")
        op.create_index("by_size", "old_things", ["size"])
        """,
        """
        op.drop_table("old_things")
        op.create_table(
            "old_things",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("label", sa.String(40)),
            sa.UniqueConstraint("label", name="uq_label"),
        )
        """,
    ),
    "inner indexes": Case(
        """
        op.create_table(
            "tags",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("name", sa.String(9), index=True),
            sa.Column("slug", sa.String(9), index=True, unique=True),
            sa.Column("rank", sa.Integer(), unique=True),
        )
        op.add_column("posts", sa.Column("tag_id", sa.Integer(), index=True))
        op.create_index("by_tag", "posts", ["tag_id", "user_id"], unique=True)
        """,
        """
        op.drop_index("by_tag", "posts")
        op.drop_index("ix_posts_tag_id", "posts")
        op.drop_column("posts", "tag_id")
        op.drop_table("tags")
        """,
    ),
    "removals": Case(
        """
        op.drop_index("by_name", "users")
        op.drop_table("old_things")
        op.create_table("kept", sa.Column("id", sa.Integer(), primary_key=True))
        """,
        """
        op.drop_table("kept")
        op.create_table(
            "old_things",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("label", sa.String(40)),
            sa.UniqueConstraint("label", name="uq_label"),
        )
        op.create_index("by_name", "users", ["name"])
        """,
    ),
    "made and dropped": Case(
        """
        op.create_table("helpers", sa.Column("id", sa.Integer(), primary_key=True))
        op.add_column("users", sa.Column("helped", sa.Boolean()))
        op.drop_table("helpers")
        op.add_column("posts", sa.Column("helped", sa.Boolean()))
        """,
        """
        op.drop_column("posts", "helped")
        op.drop_column("users", "helped")
        """,
    ),
    "backfill": Case(
        """
        op.add_column("users", sa.Column("full_name", sa.String(40)))
        # Everybody has a name.
        op.execute("UPDATE users SET full_name = name")
        op.add_column("posts", sa.Column("rank", sa.Integer()))  # from 1

        op.create_index("by_full", "users", ["full_name"])
        """,
        """
        op.drop_index("by_full", "users")
        op.drop_column("posts", "rank")
        op.drop_column("users", "full_name")
        """,
    ),
    "batch": Case(
        """
        op.add_column("posts", sa.Column("rank", sa.Integer()))
        with op.batch_alter_table("users", schema=None) as batch_op:
            batch_op.add_column(sa.Column("size", sa.Integer(), nullable=True))
            batch_op.create_index("by_size", ["size"], unique=False)
            batch_op.alter_column(
                "age", existing_type=sa.Integer(), type_=sa.BigInteger(), nullable=True
            )

        op.add_column("posts", sa.Column("size", sa.Integer()))
        """,
        """
        op.drop_column("posts", "size")
        with op.batch_alter_table("users", schema=None) as batch_op:
            batch_op.alter_column(
                "age", existing_type=sa.BigInteger(), type_=sa.Integer(), nullable=True
            )
            batch_op.drop_index("by_size")
            batch_op.drop_column("size")

        op.drop_column("posts", "rank")
        """,
    ),
    "rebuilds": Case(
        """
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_column("age")
            batch_op.create_unique_constraint("uq_email", ["email"])
        with op.batch_alter_table("posts") as batch_op:
            batch_op.create_foreign_key("to_user", "users", ["user_id"], ["id"])
            batch_op.alter_column("title", nullable=False, existing_type=sa.String(40))
        with op.batch_alter_table("old_things") as batch_op:
            batch_op.alter_column(
                "label", new_column_name="title", existing_type=sa.String(40)
            )
        """,
        """
        with op.batch_alter_table("old_things") as batch_op:
            batch_op.alter_column(
                "title", new_column_name="label", existing_type=sa.String(40)
            )
        with op.batch_alter_table("posts") as batch_op:
            batch_op.alter_column("title", nullable=True, existing_type=sa.String(40))
            batch_op.drop_constraint("to_user", type_="foreignkey")
        with op.batch_alter_table("users") as batch_op:
            batch_op.drop_constraint("uq_email", type_="unique")
            batch_op.add_column(sa.Column("age", sa.Integer()))
        """,
        SQLITE,
    ),
    "constraints": Case(
        """
        op.create_unique_constraint("name_age", "users", ["name", "age"])
        op.create_foreign_key("to_user", "posts", "users", ["user_id"], ["id"])
        op.alter_column("users", "email", nullable=False, existing_type=sa.String(40))
        op.alter_column("users", "age", type_=sa.BigInteger(), existing_type=sa.Integer())
        op.create_check_constraint("grown", "users", "age > 17")
        op.drop_column("posts", "title")
        """,
        """
        op.add_column("posts", sa.Column("title", sa.String(40)))
        op.drop_constraint("grown", "users", type_="check")
        op.alter_column("users", "age", type_=sa.Integer(), existing_type=sa.BigInteger())
        op.alter_column("users", "email", nullable=True, existing_type=sa.String(40))
        op.drop_constraint("to_user", "posts", type_="foreignkey")
        op.drop_constraint("name_age", "users", type_="unique")
        """,
        SERVERS,
    ),
    "nameless keys": Case(
        """
        op.create_table(
            "teams",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("owner_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(["owner_id"], ["users.id"]),
            sa.PrimaryKeyConstraint("id"),
        )
        op.add_column("users", sa.Column("team_id", sa.Integer(), nullable=True))
        op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])
        op.create_unique_constraint(None, "users", ["email"])
        op.add_column(
            "posts",
            sa.Column(
                "team_id",
                sa.Integer(),
                sa.ForeignKey("teams.id", ondelete="CASCADE"),
                unique=True,
            ),
        )
        """,
        """
        for table, key in NAMELESS:
            op.drop_constraint(key, table, type_="foreignkey")
        op.drop_column("posts", "team_id")
        op.drop_constraint(EMAIL, "users", type_="unique")
        op.drop_column("users", "team_id")
        op.drop_table("teams")
        """,
        POSTGRESQL,
        head="""
        NAMELESS = [
            ("posts", "posts_team_id_fkey"),
            ("users", "users_team_id_fkey"),
        ]
        EMAIL = "users_email_key"
        """,
    ),
    "nameless keys on MariaDB": Case(
        """
        op.create_table(
            "teams",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("owner_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(["owner_id"], ["users.id"]),
            sa.PrimaryKeyConstraint("id"),
        )
        op.add_column("users", sa.Column("team_id", sa.Integer(), nullable=True))
        op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])
        op.create_unique_constraint(None, "users", ["email"])
        op.add_column("posts", sa.Column("team_id", sa.Integer(), unique=True))
        """,
        """
        op.drop_index("team_id", "posts")
        op.drop_column("posts", "team_id")
        op.drop_index("email", "users")
        op.drop_constraint("users_ibfk_1", "users", type_="foreignkey")
        op.drop_column("users", "team_id")
        op.drop_table("teams")
        """,
        MARIADB,
    ),
    "inner keys": Case(
        """
        op.create_table("orgs", sa.Column("id", sa.Integer(), primary_key=True))
        op.add_column(
            "users",
            sa.Column(
                "boss_id",
                sa.Integer(),
                sa.ForeignKey("users.id", name="to_boss", ondelete="SET NULL"),
                index=True,
            ),
        )
        op.create_foreign_key("to_org", "users", "orgs", ["org_id"], ["id"])
        """,
        """
        op.drop_constraint("to_org", "users", type_="foreignkey")
        op.drop_constraint("to_boss", "users", type_="foreignkey")
        op.drop_index("ix_users_boss_id", "users")
        op.drop_column("users", "boss_id")
        op.drop_table("orgs")
        """,
        SERVERS,
    ),
    "convention": Case(
        """
        op.create_table(
            "teams",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("code", sa.String(9), nullable=True),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        )
        op.create_index(None, "teams", ["code"])
        op.add_column("users", sa.Column("team_id", sa.Integer(), unique=True))
        op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])
        op.create_check_constraint("adult", "users", "age > 17")
        """,
        """
        op.drop_constraint("adult", "users", type_="check")
        op.drop_constraint("fk_users_team_id_teams", "users", type_="foreignkey")
        op.drop_constraint("uq_users_team_id", "users", type_="unique")
        op.drop_column("users", "team_id")
        op.drop_table("teams")
        """,
        SERVERS,
        convention=NAMES,
    ),
    **PROGRAMS,
    **MORE,
    **SMALL,
}
