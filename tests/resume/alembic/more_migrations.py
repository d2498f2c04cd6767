"""The rest of the revisions: types, data, SQL, what one database alone has."""

from __future__ import annotations

from tests.resume.alembic.case import MARIADB, POSTGRESQL, SERVERS, Case

MORE: dict[str, Case] = {
    "concurrently": Case(
        """
        op.add_column("users", sa.Column("nick", sa.String(9)))
        with op.get_context().autocommit_block():
            op.create_index(
                "by_nick", "users", ["nick"], unique=True, postgresql_concurrently=True
            )
            op.drop_index("by_name", table_name="users", postgresql_concurrently=True)
            op.execute("CREATE INDEX CONCURRENTLY by_title ON posts (title)")
        op.add_column("posts", sa.Column("rank", sa.Integer()))
        """,
        """
        op.drop_column("posts", "rank")
        op.drop_index("by_title", "posts")
        op.create_index("by_name", "users", ["name"])
        op.drop_index("by_nick", "users")
        op.drop_column("users", "nick")
        """,
        POSTGRESQL,
    ),
    "enum with its table": Case(
        """
        op.create_table(
            "people",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("mood", sa.Enum("sad", "glad", name="moods")),
            sa.Column("name", sa.String(9), index=True, comment="as it is said"),
        )
        op.add_column("users", sa.Column("nick", sa.String(9)))
        """,
        """
        op.drop_column("users", "nick")
        op.drop_table("people")
        if op.get_bind().dialect.name == "postgresql":
            sa.Enum(name="moods").drop(op.get_bind())
        """,
    ),
    "enum by hand": Case(
        """
        moods = postgresql.ENUM("sad", "glad", name="moods", create_type=False)
        moods.create(op.get_bind())
        op.add_column("users", sa.Column("mood", moods, nullable=True))
        op.execute("ALTER TYPE moods ADD VALUE 'angry'")
        op.add_column("posts", sa.Column("mood", moods, nullable=True))
        """,
        """
        op.drop_column("posts", "mood")
        op.drop_column("users", "mood")
        postgresql.ENUM(name="moods").drop(op.get_bind())
        """,
        POSTGRESQL,
        imports="from sqlalchemy.dialects import postgresql",
    ),
    "seeded table": Case(
        """
        roles = op.create_table(
            "roles",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("name", sa.String(length=9), nullable=False),
        )
        op.add_column("users", sa.Column("role_id", sa.Integer()))
        op.bulk_insert(roles, [{"id": 1, "name": "admin"}, {"id": 2, "name": "guest"}])
        op.create_index("by_role", "users", ["role_id"])
        """,
        """
        op.drop_index("by_role", "users")
        op.drop_column("users", "role_id")
        op.drop_table("roles")
        """,
    ),
    "views": Case(
        """
        op.execute("CREATE VIEW adults AS SELECT id, name FROM users WHERE age > 17")
        op.add_column("users", sa.Column("nick", sa.String(9)))
        op.execute("CREATE INDEX by_nick ON users (nick)")
        """,
        """
        op.execute("DROP VIEW adults")
        op.drop_index("by_nick", "users")
        op.drop_column("users", "nick")
        """,
    ),
    "functions": Case(
        '''
        op.add_column("users", sa.Column("touched_at", sa.DateTime()))
        op.execute("CREATE DOMAIN adult AS integer CHECK (VALUE > 17)")
        op.execute(
            """
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.touched_at := now();
                RETURN NEW;
            END
            $$
            """
        )
        op.execute(
            "CREATE TRIGGER touch BEFORE UPDATE ON users"
            " FOR EACH ROW EXECUTE FUNCTION touch()"
        )
        op.add_column("posts", sa.Column("rank", sa.Integer()))
        ''',
        """
        op.drop_column("posts", "rank")
        op.execute("DROP TRIGGER touch ON users")
        op.execute("DROP FUNCTION touch()")
        op.execute("DROP DOMAIN adult")
        op.drop_column("users", "touched_at")
        """,
        POSTGRESQL,
    ),
    "column changed": Case(
        """
        op.alter_column(
            "users",
            "email",
            new_column_name="mail",
            existing_type=sa.String(40),
            type_=sa.String(99),
            nullable=False,
        )
        op.alter_column(
            "posts", "title", existing_type=sa.String(40), server_default="none"
        )
        op.create_index("by_mail", "users", ["mail"])
        """,
        """
        op.drop_index("by_mail", "users")
        op.alter_column("posts", "title", existing_type=sa.String(40), server_default=None)
        op.alter_column(
            "users",
            "mail",
            new_column_name="email",
            existing_type=sa.String(99),
            type_=sa.String(40),
            nullable=True,
        )
        """,
        SERVERS,
    ),
    "swapped column": Case(
        """
        op.add_column("users", sa.Column("age_text", sa.String(9), nullable=True))
        op.execute("UPDATE users SET age_text = CAST(age AS CHAR(9))")
        op.drop_column("users", "age")
        op.alter_column(
            "users",
            "age_text",
            new_column_name="age",
            existing_type=sa.String(9),
            existing_nullable=True,
        )
        op.create_index("by_age", "users", ["age"])
        """,
        """
        op.drop_index("by_age", "users")
        op.drop_column("users", "age")
        op.add_column("users", sa.Column("age", sa.Integer()))
        """,
        SERVERS,
        # Before its first step and behind its last but one the same names are there.
        refused="shows nowhere in the catalog",
    ),
    "schema": Case(
        """
        op.execute("CREATE SCHEMA sales")
        op.create_table(
            "orders",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("user_id", sa.Integer()),
            schema="sales",
        )
        op.create_foreign_key(
            "to_user",
            "orders",
            "users",
            ["user_id"],
            ["id"],
            source_schema="sales",
        )
        op.add_column("orders", sa.Column("total", sa.Integer()), schema="sales")
        op.create_index("by_total", "orders", ["total"], schema="sales")
        op.drop_index("by_name", "users")
        """,
        """
        op.create_index("by_name", "users", ["name"])
        op.drop_table("orders", schema="sales")
        op.execute("DROP SCHEMA sales")
        """,
        POSTGRESQL,
    ),
    "sequences and comments": Case(
        """
        op.execute(sa.schema.CreateSequence(sa.Sequence("numbers")))
        op.create_table_comment("users", "everybody")
        op.add_column("users", sa.Column("nick", sa.String(9), comment="for short"))
        op.create_table_comment("posts", "what they said")
        op.alter_column("users", "age", server_default="18")
        op.drop_constraint("uq_label", "old_things", type_="unique")
        """,
        """
        op.create_unique_constraint("uq_label", "old_things", ["label"])
        op.alter_column("users", "age", server_default=None)
        op.drop_table_comment("posts")
        op.drop_column("users", "nick")
        op.drop_table_comment("users")
        op.execute(sa.schema.DropSequence(sa.Sequence("numbers")))
        """,
        POSTGRESQL,
    ),
    "not valid": Case(
        """
        op.create_foreign_key(
            "to_user",
            "posts",
            "users",
            ["user_id"],
            ["id"],
            postgresql_not_valid=True,
        )
        op.execute("ALTER TABLE posts VALIDATE CONSTRAINT to_user")
        op.create_exclude_constraint(
            "no_twins", "users", ("name", "="), ("age", "="), using="btree"
        )
        op.add_column("users", sa.Column("nick", sa.String(9)))
        """,
        """
        op.drop_column("users", "nick")
        op.drop_constraint("no_twins", "users")
        op.drop_constraint("to_user", "posts")
        """,
        POSTGRESQL,
    ),
    "partial and expression indexes": Case(
        """
        op.create_index(
            "uq_active",
            "users",
            ["email"],
            unique=True,
            postgresql_where=sa.text("age > 17"),
            sqlite_where=sa.text("age > 17"),
        )
        op.create_index("by_lower", "users", [sa.text("lower(email)")])
        op.add_column("users", sa.Column("nick", sa.String(9)))
        op.create_index("by_nick", "users", [sa.text("nick DESC"), "name"])
        """,
        """
        op.drop_index("by_nick", "users")
        op.drop_column("users", "nick")
        op.drop_index("by_lower", "users")
        op.drop_index("uq_active", "users")
        """,
        ("postgresql18", "sqlite"),
    ),
    "primary key": Case(
        """
        op.create_table("links", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))
        op.create_primary_key("pk_links", "links", ["a", "b"])
        op.create_index("by_b", "links", ["b"])
        op.drop_constraint("uq_label", "old_things", type_="unique")
        """,
        """
        op.create_unique_constraint("uq_label", "old_things", ["label"])
        op.drop_table("links")
        """,
        SERVERS,
    ),
    "several statements in one text": Case(
        '''
        op.execute(
            """
            CREATE TABLE a (id integer);
            CREATE INDEX by_id ON a (id);
            """
        )
        op.execute(sa.text("ALTER TABLE users ADD COLUMN nick varchar(9)"))
        op.get_bind().execute(sa.text("ALTER TABLE users ADD COLUMN size integer"))
        ''',
        """
        op.drop_column("users", "size")
        op.drop_column("users", "nick")
        op.execute("DROP TABLE a")
        """,
        POSTGRESQL,
    ),
    "MariaDB's own": Case(
        """
        op.execute("ALTER TABLE users ADD COLUMN nick varchar(9), ADD INDEX by_nick (nick)")
        op.alter_column(
            "users",
            "age",
            existing_type=sa.Integer(),
            type_=mysql.SMALLINT(unsigned=True),
            existing_nullable=True,
        )
        op.create_table(
            "notes",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("body", mysql.LONGTEXT(), nullable=True),
            mysql_engine="InnoDB",
        )
        op.create_index("by_body", "notes", ["body"], mysql_length={"body": 9})
        """,
        """
        op.drop_table("notes")
        op.alter_column(
            "users",
            "age",
            existing_type=mysql.SMALLINT(unsigned=True),
            type_=sa.Integer(),
            existing_nullable=True,
        )
        op.drop_index("by_nick", "users")
        op.drop_column("users", "nick")
        """,
        MARIADB,
        imports="from sqlalchemy.dialects import mysql",
    ),
    "rows copied": Case(
        """
        bind = op.get_bind()
        op.create_table(
            "emails",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("address", sa.String(40)),
        )
        rows = bind.execute(sa.text("SELECT id, email FROM users ORDER BY id")).fetchall()
        for row in rows:
            bind.execute(
                sa.text("UPDATE users SET name = email WHERE id = :id"), {"id": row.id}
            )
        op.drop_index("by_name", "users")
        op.drop_column("users", "email")
        """,
        """
        op.add_column("users", sa.Column("email", sa.String(40)))
        op.create_index("by_name", "users", ["name"])
        op.drop_table("emails")
        """,
        SERVERS,
    ),
    "counted up": Case(
        """
        op.add_column("users", sa.Column("nick", sa.String(9)))
        op.execute("UPDATE users SET age = age + 1")
        op.add_column("posts", sa.Column("rank", sa.Integer()))
        """,
        """
        op.drop_column("posts", "rank")
        op.drop_column("users", "nick")
        """,
        SERVERS,
        refused="shows nowhere in the catalog",
    ),
}
