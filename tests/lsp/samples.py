"""Migrations that the tests open, and everything else that an editor may have in a file."""

from __future__ import annotations

#: Two findings with safe fixes on MySQL, in the words of the command line's tests.
MYSQL = "CREATE TABLE a (id int) ENGINE = InnoDB;\nALTER TABLE a ADD COLUMN b int;\n"
#: goose runs it without a transaction: findings with safe fixes, up and down.
GOOSE = """-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE roles (id bigint PRIMARY KEY);
CREATE INDEX CONCURRENTLY idx_users_role ON users (role_id);
ALTER TABLE users ADD COLUMN role_id bigint;

-- +goose Down
ALTER TABLE users DROP COLUMN role_id;
DROP INDEX CONCURRENTLY idx_users_role;
DROP TABLE roles;
"""
#: An insert that fails when it is repeated: its fix is unsafe, since it may hide another row.
INSERT = (
    "CREATE TABLE IF NOT EXISTS a (id int PRIMARY KEY, n int) ENGINE = InnoDB;\n"
    "INSERT INTO a (id, n) VALUES (1, 1);\n"
    "ALTER TABLE a COMMENT 'x';\n"
)
#: Letters of one to four bytes, of one and two UTF-16 units, before and between what is found.
SCRIPTS = (
    "-- 役割テーブル 🚀 naïve\n"
    "/* 🚀🚀 */ CREATE TABLE `表🚀` (id int) ENGINE = InnoDB; /* é */ ALTER TABLE `表🚀` ADD COLUMN `列é` int;\n"
    "ALTER TABLE `表🚀` ADD COLUMN c int; -- 終わり\n"
)
#: What str.splitlines takes for line ends, and what editors do not: U+2028, U+0085, form feed, vertical tab, FS.
SEPARATORS = (
    "-- a\u2028b\x0cc\x0bd\x85e\x1cf\n"
    "CREATE TABLE a (id int) ENGINE = InnoDB; -- \u2029 \x0c\n"
    "\tALTER TABLE a ADD COLUMN b int;\n"
)
#: Half typed.
BROKEN = "CREATE TABLE a (id int ENGINE = InnoDB;\nALTER TABLE a ADD COLUMN 'b int;\nCREATE INDEX ON\n"

#: Programs, each without a transaction: calls, SQL in strings, guards, letters of several bytes.
RAILS = """# 役割 🚀
class AddRoles < ActiveRecord::Migration[7.1]
  disable_ddl_transaction!

  def change
    create_table :roles, comment: "naïve 🚀" do |t|
      t.string :name, null: false
      t.references :user, foreign_key: true
    end
    add_index :users, :role_id, algorithm: :concurrently
    add_column :users, :age, :integer unless column_exists?(:users, :age)
    execute <<~SQL
      -- 終わり
      CREATE TABLE notes (id bigint PRIMARY KEY);
      UPDATE users SET age = age + 1;
    SQL
  end
end
"""
DJANGO = """# 役割 🚀
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.CreateModel("Role", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
        AddIndexConcurrently("role", models.Index(fields=["name"], name="role_name")),
        migrations.RunSQL("CREATE TABLE notes (id bigint); -- 終わり 🚀"),
        migrations.RunPython(lambda apps, editor: None),
    ]
"""
ALEMBIC = """\"\"\"役割 🚀\"\"\"
import sqlalchemy as sa
from alembic import op

revision = "2b1a"
down_revision = None


def upgrade():
    op.create_table("roles", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("name", sa.Text, index=True))
    with op.get_context().autocommit_block():
        op.create_index("role_name", "roles", ["name"], postgresql_concurrently=True)
    op.execute("UPDATE roles SET name = 'é'")


def downgrade():
    op.drop_table("roles")
"""
#: Where a program is a migration.
_PROGRAMS = {
    "rails": "rails/db/migrate/20240101000000_add_roles.rb",
    "django": "django/shop/migrations/0002_roles.py",
    "alembic": "alembic/versions/2b1a_roles.py",
}

#: Every shape of text by a name for it. The names end up in paths.
TEXTS = {
    "mysql": MYSQL,
    "goose": GOOSE,
    "insert": INSERT,
    "scripts": SCRIPTS,
    "separators": SEPARATORS,
    "broken": BROKEN,
    "crlf": MYSQL.replace("\n", "\r\n"),
    "cr": MYSQL.replace("\n", "\r"),
    "mixed": "CREATE TABLE a (id int) ENGINE = InnoDB;\r\rALTER TABLE a\n ADD COLUMN b int;\r\n\n\rDROP TABLE c;",
    "no-final-newline": MYSQL.rstrip("\n"),
    "tabs": "\t\tCREATE TABLE a (id int) ENGINE = InnoDB;\n\t\t\tALTER TABLE a\tADD COLUMN b int;",
    "empty": "",
    "newlines": "\n\r\n\r",
    "blank": "  \t \x0c\n",
    "comments": "-- nothing\n/* here */\n",
    "bom": "\ufeff" + MYSQL,
    "nul": "CREATE TABLE a (id int) ENGINE = InnoDB;\x00\nALTER TABLE a ADD COLUMN b int;\n",
    "rails": RAILS,
    "django": DJANGO,
    "alembic": ALEMBIC,
    "surrogate-neighbours": "CREATE TABLE `\U00010000\uffff\ue000` (id int) ENGINE = InnoDB;",
}


def path_of(name: str) -> str:
    """The path at which a text is a migration of a project, in a folder of its own."""
    if name in _PROGRAMS:
        return _PROGRAMS[name]
    folder = name.replace("/", "-")
    return f"{folder}/db/migrations/00001_{folder.replace('-', '_')}.sql"
