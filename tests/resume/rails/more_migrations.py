"""More migrations of several operations for Rails: data, SQL, constraints, what stands around, PostgreSQL's own."""

from __future__ import annotations

from tests.resume.rails.bodies import POSTGRESQL, SERVERS, Case, change, up

MORE: dict[str, Case] = {
    "seeds": Case(
        up(
            """
create_table :kinds do |t|
  t.string :name
end
execute "INSERT INTO kinds (name) VALUES ('a'), ('b')"
add_reference :posts, :kind
""",
            """
remove_reference :posts, :kind
drop_table :kinds
""",
        )
    ),
    "appended": Case(
        up("""
add_column :users, :nick, :string
execute "INSERT INTO old_things (label) VALUES ('there')"
add_column :posts, :nick, :string
add_index :posts, :nick
""")
    ),
    "checks": Case(
        change("""
add_check_constraint :users, "age > 0", name: "age_positive"
add_check_constraint :posts, "position >= 0"
add_column :posts, :size, :integer
add_check_constraint :posts, "size < 9", name: "size_small"
""")
    ),
    "comments": Case(
        change("""
create_table :notes, comment: "What people say" do |t|
  t.string :text, comment: "Plain text"
  t.index :text
end
change_column_comment :users, :name, from: nil, to: "Full name"
add_column :users, :note_id, :bigint, comment: "The last one"
change_table_comment :posts, from: nil, to: "All posts"
"""),
        SERVERS,
    ),
    "sql": Case(
        up("""
execute "CREATE TABLE sizes (id int PRIMARY KEY, name varchar(9))"
execute <<~SQL
  CREATE VIEW grown AS
    SELECT name
    FROM users
    WHERE age > 17
SQL
execute "ALTER TABLE users ADD COLUMN size_id int"
execute "CREATE INDEX users_by_size ON users (size_id)"
""")
    ),
    "two keys": Case(
        change("""
create_table :groups do |t|
  t.string :name
  t.references :leader, foreign_key: { to_table: :users }
  t.references :deputy, foreign_key: { to_table: :users, name: "deputies" }
end
add_foreign_key :posts, :users
add_column :posts, :group_id, :bigint
add_foreign_key :posts, :groups, name: "posts_of_groups", on_delete: :nullify
remove_foreign_key :posts, :users
""")
    ),
    "replaced key": Case(
        up("""
add_foreign_key :posts, :users, name: "first_key"
remove_foreign_key :posts, name: "first_key"
add_foreign_key :posts, :users, on_delete: :cascade
add_column :posts, :size, :integer
"""),
        SERVERS,
    ),
    "wrapped": Case(
        up("""
say_with_time "Tables" do
  create_table :wraps do |t|
    t.string :name
  end
end
suppress_messages do
  add_column :users, :wrap_id, :bigint
  add_index :users, :wrap_id
end
transaction do
  execute "UPDATE users SET wrap_id = 1 WHERE wrap_id IS NULL"
end
say "nearly done"
add_column :posts, :wrap_id, :bigint
""")
    ),
    "conditions": Case(
        up("""
unless table_exists?(:reports)
  create_table :reports do |t|
    t.string :title
  end
  add_index :reports, :title
end
if table_exists?(:old_things)
  add_column :old_things, :report_id, :bigint
end
if connection.adapter_name == "PostgreSQL"
  execute "ALTER TABLE reports ADD COLUMN vector tsvector"
else
  add_column :reports, :vector, :text
end
add_column :users, :reports_count, :integer, default: 0
""")
    ),
    "reverted": Case(
        up("""
revert do
  add_column :users, :age, :integer
  add_index :users, :name, name: "by_name"
end
add_column :users, :born_on, :date
add_column :posts, :born_on, :date
""")
    ),
    "options": Case(
        change("""
add_column :users, :big, :bigint, if_not_exists: true
add_reference :posts, :writer, if_not_exists: true
add_index :posts, :title, if_not_exists: true
create_table :spare, if_not_exists: true do |t|
  t.string :name
  t.index :name
end
""")
    ),
    "uuid": Case(
        change("""
create_table :tokens, id: :uuid do |t|
  t.jsonb :data, null: false, default: {}
  t.string :words, array: true, default: []
  t.tstzrange :during
  t.index :data, using: :gin
  t.index "lower(id::text)", name: "tokens_by_lower", where: "data IS NOT NULL"
end
add_reference :users, :token, type: :uuid, foreign_key: true
"""),
        POSTGRESQL,
    ),
    "types": Case(
        up(
            """
execute "CREATE TYPE mood AS ENUM ('sad', 'ok')"
add_column :users, :mood, :mood
execute "ALTER TYPE mood ADD VALUE 'happy'"
execute <<~SQL
  CREATE FUNCTION cheer() RETURNS trigger AS $$
  BEGIN
    NEW.mood := 'ok';
    RETURN NEW;
  END
  $$ LANGUAGE plpgsql
SQL
execute "CREATE TRIGGER cheers BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION cheer()"
add_index :users, :mood
""",
            """
execute "DROP TRIGGER cheers ON users"
execute "DROP FUNCTION cheer()"
remove_column :users, :mood
execute "DROP TYPE mood"
""",
        ),
        POSTGRESQL,
    ),
    "concurrently": Case(
        change("""
add_column :users, :code, :string
add_index :users, :email, unique: true, algorithm: :concurrently
add_index :users, [:code, :age], algorithm: :concurrently, order: { age: :desc }, where: "code IS NOT NULL"
remove_index :users, :name, name: "by_name", algorithm: :concurrently
add_foreign_key :posts, :users, validate: false
up_only { validate_foreign_key :posts, :users }
add_check_constraint :users, "age > 0", name: "grown", validate: false
up_only { validate_check_constraint :users, name: "grown" }
"""),
        POSTGRESQL,
    ),
    "schemas": Case(
        up(
            """
create_schema "audit"
create_table "audit.events" do |t|
  t.string :what
  t.index :what
end
add_column "audit.events", :who, :bigint
add_foreign_key "audit.events", :users, column: :who
add_index "audit.events", :who
""",
            """
drop_table "audit.events"
drop_schema "audit"
""",
        ),
        POSTGRESQL,
    ),
}
