"""Migrations of several operations for Rails, each the body of its class, on a database that `BASE` has made."""

from __future__ import annotations

from tests.resume.rails.bodies import Case, change, up
from tests.resume.rails.more_migrations import MORE

BASE = """\
class Base < ActiveRecord::Migration[6.1]
  def change
    create_table :users do |t|
      t.string :name
      t.string :email
      t.integer :age
    end
    create_table :posts do |t|
      t.string :title
      t.bigint :user_id
      t.integer :position
    end
    create_table :old_things do |t|
      t.string :label
    end
    add_index :users, :name, name: "by_name"
    reversible do |dir|
      dir.up do
        execute "INSERT INTO users (name, email, age) VALUES ('Ada', 'ada@example', 36), ('Bob', 'bob@example', 7)"
        execute "INSERT INTO posts (title, position) VALUES ('One', 1), ('Two', 2)"
        execute "INSERT INTO old_things (label) VALUES ('here')"
      end
    end
  end
end
"""


CASES: dict[str, Case] = {
    "roles": Case(
        change("""
create_table :roles do |t|
  t.string :name, null: false
  t.timestamps
end
add_column :users, :role_id, :bigint
add_index :users, :role_id
add_foreign_key :users, :roles
""")
    ),
    "renames": Case(
        change("""
rename_table :old_things, :things
rename_column :things, :label, :title
add_column :things, :size, :integer
rename_index :users, "by_name", "users_by_name"
""")
    ),
    "replaced index": Case(
        up(
            """
remove_index :users, name: "by_name"
add_index :users, [:name, :email], name: "by_name"
add_column :users, :nick, :string
""",
            """
remove_column :users, :nick
remove_index :users, name: "by_name"
add_index :users, :name, name: "by_name"
""",
        )
    ),
    "table anew": Case(
        up("""
create_table :new_things do |t|
  t.string :label
  t.integer :size
end
execute "INSERT INTO new_things (label) SELECT label FROM old_things"
drop_table :old_things
rename_table :new_things, :old_things
add_index :old_things, :size
""")
    ),
    "inner indexes": Case(
        change("""
create_table :tags do |t|
  t.string :name, null: false, index: { unique: true }
  t.string :kind
  t.references :owner, polymorphic: true
  t.references :user, foreign_key: true
  t.index [:kind, :name], name: "tags_by_kind"
  t.timestamps
end
create_join_table :posts, :tags do |t|
  t.index [:post_id, :tag_id], unique: true
  t.index :tag_id
end
add_column :tags, :posts_count, :integer, default: 0, null: false
""")
    ),
    "alterations": Case(
        up(
            """
change_column :users, :age, :float
change_column_default :posts, :position, 7
change_column_null :users, :email, false, "x"
add_timestamps :posts, null: true
""",
            """
remove_timestamps :posts
change_column_null :users, :email, true
change_column_default :posts, :position, nil
change_column :users, :age, :integer
""",
        )
    ),
    "removals": Case(
        change("""
remove_column :posts, :position, :integer
remove_column :users, :age, :integer
drop_table :old_things do |t|
  t.string :label
end
remove_index :users, :name, name: "by_name"
""")
    ),
    "made and dropped": Case(
        change("""
create_table :helpers do |t|
  t.string :a
end
add_column :users, :helped, :boolean
drop_table :helpers do |t|
  t.string :a
end
add_column :posts, :helped, :boolean
""")
    ),
    "data between": Case(
        up("""
add_column :users, :full_name, :string
execute "UPDATE users SET full_name = name"
remove_column :users, :email
add_index :users, :full_name
""")
    ),
    "references": Case(
        change("""
create_table :teams do |t|
  t.string :name
end
add_reference :users, :team, index: true
add_reference :posts, :team, foreign_key: true
add_reference :posts, :writer, foreign_key: { to_table: :users, on_delete: :cascade }, index: { name: "writers" }
add_column :teams, :boss_id, :bigint
""")
    ),
    "polymorphic": Case(
        change("""
add_reference :posts, :subject, polymorphic: true, null: true
add_reference :users, :home, polymorphic: { limit: 40 }, index: false
add_column :posts, :size, :integer, default: 1
""")
    ),
    "many columns": Case(
        up(
            """
add_columns :users, :one, :two, :three, type: :string
add_index :users, [:one, :two], unique: true
remove_columns :users, :email, :age
add_timestamps :users, null: true
""",
            """
remove_timestamps :users
add_column :users, :age, :integer
add_column :users, :email, :string
remove_index :users, [:one, :two]
remove_columns :users, :one, :two, :three
""",
        )
    ),
    "changed table": Case(
        change("""
change_table :users do |t|
  t.string :phone, index: true
  t.integer :one, :two, default: 3
  t.references :boss, foreign_key: { to_table: :users }
  t.rename :email, :mail
  t.timestamps null: true
end
change_table :posts do |t|
  t.remove :position, type: :integer
end
add_index :users, :mail, unique: true
""")
    ),
    "bulk": Case(
        change("""
change_table :users, bulk: true do |t|
  t.string :phone
  t.bigint :size, null: false, default: 0
  t.index :phone
  t.rename :email, :mail
  t.references :team
  t.remove :age, type: :integer
end
add_column :posts, :size, :integer
""")
    ),
    "loops": Case(
        """\
  TABLES = %i[users posts].freeze
  SIZES = { small: 10, large: 200 }.freeze

"""
        + change("""
TABLES.each do |table|
  add_column table, :locked_at, :datetime unless column_exists?(table, :locked_at)
  add_index table, :locked_at, name: "#{table}_by_lock"
end
SIZES.each do |name, limit|
  add_column :posts, "#{name}_text", :string, limit: limit, default: word
end
""")
        + """
  private

  def word
    "none"
  end
"""
    ),
    "helpers": Case(
        up(
            """
add_flag :users, :active
add_flag :posts, :shown, default: true
column = "kind"
add_column :users, column, :string
add_index :users, column
""",
            """
remove_column :users, :kind
remove_column :posts, :shown
remove_column :users, :active
""",
        )
        + """
  private

  def add_flag(table, name, default: false)
    return if column_exists?(table, name)

    add_column table, name, :boolean, default: default, null: false
    add_index table, name
  end
"""
    ),
    "reversible": Case(
        change("""
add_column :users, :full_name, :string
reversible do |dir|
  dir.up do
    execute <<~SQL
      UPDATE users
      SET full_name = name
      WHERE full_name IS NULL
    SQL
  end
end
change_column_null :users, :full_name, false
up_only { execute "DELETE FROM old_things" }
add_index :users, :full_name
""")
    ),
    "models": Case(
        """\
  class User < ActiveRecord::Base
    self.table_name = "users"
  end

"""
        + up("""
add_column :users, :nick, :string
User.reset_column_information
User.where(nick: nil).update_all(nick: "none")
User.where(nick: "none").find_each do |user|
  user.update!(nick: user.name.downcase)
end
change_column_null :users, :nick, false
add_index :users, :nick, unique: true
""")
    ),
    **MORE,
}
