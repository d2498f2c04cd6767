"""Migrations of several calls each, one call a line, for Rails, Django and Alembic, behind a base that each makes."""

# ruff: noqa: E501 # one call a line
from __future__ import annotations

RAILS_BASE = """\
create_table(:users) { |t| t.string :name; t.string :email; t.integer :age }
create_table(:posts) { |t| t.string :title; t.bigint :user_id; t.integer :position }
create_table(:old_things) { |t| t.string :label }
add_index :users, :name, name: "by_name"
"""
RAILS: dict[str, list[str]] = {
    "roles": [
        "create_table(:roles) { |t| t.string :name, null: false }",
        "add_column :users, :role_id, :bigint",
        "add_index :users, :role_id",
        "add_foreign_key :users, :roles",
    ],
    "renames": [
        "rename_table :old_things, :things",
        "rename_column :things, :label, :title",
        "add_column :things, :size, :integer",
        "rename_index :users, 'by_name', 'users_by_name'",
    ],
    "replaced index": [
        "remove_index :users, name: 'by_name'",
        "add_index :users, [:name, :email], name: 'by_name'",
        "add_column :users, :nick, :string",
    ],
    "table anew": [
        "create_table(:new_things) { |t| t.string :label; t.integer :size }",
        "drop_table :old_things",
        "rename_table :new_things, :old_things",
        "add_index :old_things, :size",
    ],
    "table inside": [
        "create_table(:tags) { |t| t.string :name; t.index :name; t.timestamps }",
        "create_join_table :posts, :tags",
        "add_index :posts_tags, [:post_id, :tag_id], unique: true",
        "add_column :tags, :posts_count, :integer, default: 0, null: false",
    ],
    "alterations": [
        "change_column :users, :age, :float",
        "change_column_default :posts, :position, 7",
        "change_column_null :users, :email, false, 'x'",
        "add_timestamps :posts, null: true",
    ],
    "removals": [
        "remove_column :posts, :position",
        "remove_column :users, :age",
        "drop_table :old_things",
        "remove_index :users, name: 'by_name'",
    ],
    "made and dropped": [
        "create_table(:helpers) { |t| t.string :a }",
        "add_column :users, :helped, :boolean",
        "drop_table :helpers",
        "add_column :posts, :helped, :boolean",
    ],
    "data between": [
        "add_column :users, :full_name, :string",
        'execute "UPDATE users SET full_name = name"',
        "remove_column :users, :email",
        "add_index :users, :full_name",
    ],
    "references": [
        "create_table(:teams) { |t| t.string :name }",
        "add_reference :users, :team, index: true",
        "add_reference :posts, :team, foreign_key: true",
        "add_column :teams, :boss_id, :bigint",
    ],
}

DJANGO_BASE = """\
migrations.CreateModel("User", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=40)), ("age", models.IntegerField(null=True))]),
migrations.CreateModel("Post", [("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=40)), ("position", models.IntegerField(null=True))]),
migrations.CreateModel("Old", [("id", models.BigAutoField(primary_key=True)), ("label", models.CharField(max_length=40))]),
migrations.AddIndex("user", models.Index(fields=["name"], name="by_name")),
"""
DJANGO: dict[str, list[str]] = {
    "roles": [
        'migrations.CreateModel("Role", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))]),',
        'migrations.AddField("user", "size", models.IntegerField(null=True)),',
        'migrations.AddIndex("role", models.Index(fields=["name"], name="role_by_name")),',
        'migrations.AddField("post", "rank", models.IntegerField(null=True)),',
    ],
    "keys": [
        'migrations.CreateModel("Team", [("id", models.BigAutoField(primary_key=True))]),',
        'migrations.AddField("user", "team", models.ForeignKey("app.team", models.CASCADE, null=True)),',
        'migrations.AddField("post", "team", models.ForeignKey("app.team", models.CASCADE, null=True, db_constraint=False)),',
        'migrations.AddField("team", "boss", models.IntegerField(null=True)),',
    ],
    "renames": [
        'migrations.RenameModel("Old", "Thing"),',
        'migrations.RenameField("thing", "label", "title"),',
        'migrations.AddField("thing", "size", models.IntegerField(null=True)),',
        'migrations.AlterModelTable("thing", "the_things"),',
    ],
    "replaced index": [
        'migrations.RemoveIndex("user", "by_name"),',
        'migrations.AddIndex("user", models.Index(fields=["name", "age"], name="by_name")),',
        'migrations.AddField("user", "nick", models.CharField(max_length=9, null=True)),',
    ],
    "removals": [
        'migrations.RemoveField("post", "position"),',
        'migrations.RemoveField("user", "age"),',
        'migrations.DeleteModel("Old"),',
        'migrations.RemoveIndex("user", "by_name"),',
    ],
    "alterations": [
        'migrations.AlterField("user", "age", models.BigIntegerField(null=True)),',
        'migrations.AlterField("user", "name", models.CharField(max_length=99)),',
        'migrations.AlterField("post", "title", models.CharField(max_length=40, null=True)),',
        'migrations.AddField("post", "rank", models.IntegerField(null=True)),',
    ],
    "made and dropped": [
        'migrations.CreateModel("Helper", [("id", models.BigAutoField(primary_key=True))]),',
        'migrations.AddField("user", "helped", models.BooleanField(null=True)),',
        'migrations.DeleteModel("Helper"),',
        'migrations.AddField("post", "helped", models.BooleanField(null=True)),',
    ],
    "constraints": [
        'migrations.AddConstraint("user", models.UniqueConstraint(fields=["name", "age"], name="name_age")),',
        'migrations.AddConstraint("post", models.CheckConstraint(condition=Q(position__gt=0), name="positive")),',
        'migrations.AddField("post", "rank", models.IntegerField(null=True)),',
        'migrations.AddField("user", "nick", models.CharField(max_length=9, null=True)),',
    ],
    "data between": [
        'migrations.AddField("user", "whole", models.CharField(max_length=40, null=True)),',
        'migrations.RunSQL("UPDATE app_user SET whole = name"),',
        'migrations.RemoveField("user", "age"),',
        'migrations.AddIndex("user", models.Index(fields=["whole"], name="by_full")),',
    ],
}

ALEMBIC_BASE = """\
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40)), sa.Column("email", sa.String(40)), sa.Column("age", sa.Integer))
op.create_table("posts", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.String(40)), sa.Column("user_id", sa.Integer))
op.create_table("old_things", sa.Column("id", sa.Integer, primary_key=True), sa.Column("label", sa.String(40)))
op.create_index("by_name", "users", ["name"])
"""
ALEMBIC: dict[str, list[str]] = {
    "roles": [
        'op.create_table("roles", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9)))',
        'op.add_column("users", sa.Column("role_id", sa.Integer))',
        'op.create_index("users_by_role", "users", ["role_id"])',
        'op.add_column("roles", sa.Column("size", sa.Integer, server_default="1", nullable=False))',
    ],
    "renames": [
        'op.rename_table("old_things", "things")',
        'op.add_column("things", sa.Column("size", sa.Integer))',
        'op.create_index("by_size", "things", ["size"])',
    ],
    "replaced index": [
        'op.drop_index("by_name", "users")',
        'op.create_index("by_name", "users", ["name", "email"])',
        'op.add_column("users", sa.Column("nick", sa.String(9)))',
    ],
    "table anew": [
        'op.create_table("new_things", sa.Column("id", sa.Integer, primary_key=True), sa.Column("size", sa.Integer))',
        'op.drop_table("old_things")',
        'op.rename_table("new_things", "old_things")',
        'op.create_index("by_size", "old_things", ["size"])',
    ],
    "inner index": [
        'op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(9), index=True))',
        'op.add_column("posts", sa.Column("tag_id", sa.Integer))',
        'op.create_index("by_tag", "posts", ["tag_id", "user_id"], unique=True)',
    ],
    "removals": [
        'op.drop_index("by_name", "users")',
        'op.drop_table("old_things")',
        'op.create_table("kept", sa.Column("id", sa.Integer, primary_key=True))',
    ],
    "made and dropped": [
        'op.create_table("helpers", sa.Column("id", sa.Integer, primary_key=True))',
        'op.add_column("users", sa.Column("helped", sa.Boolean))',
        'op.drop_table("helpers")',
        'op.add_column("posts", sa.Column("helped", sa.Boolean))',
    ],
    "data between": [
        'op.add_column("users", sa.Column("full_name", sa.String(40)))',
        'op.execute("UPDATE users SET full_name = name")',
        'op.add_column("posts", sa.Column("rank", sa.Integer))',
        'op.create_index("by_full", "users", ["full_name"])',
    ],
    "batch": [
        'op.add_column("posts", sa.Column("rank", sa.Integer))',
        'with op.batch_alter_table("users") as b: b.add_column(sa.Column("size", sa.Integer)); b.alter_column("age", type_=sa.BigInteger(), existing_type=sa.Integer())',
        'op.add_column("posts", sa.Column("size", sa.Integer))',
    ],
    "constraints": [
        'op.create_unique_constraint("name_age", "users", ["name", "age"])',
        'op.create_foreign_key("to_user", "posts", "users", ["user_id"], ["id"])',
        'op.alter_column("users", "email", nullable=False, existing_type=sa.String(40))',
        'op.alter_column("users", "age", type_=sa.BigInteger(), existing_type=sa.Integer())',
        'op.drop_column("posts", "title")',
    ],
}
#: ALTER cannot do these on SQLite.
NOT_ON_SQLITE = frozenset({"constraints"})
