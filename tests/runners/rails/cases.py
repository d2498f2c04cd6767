"""Rails migrations, each a body of `up` on a database that `BASE` has made.

What the reader says of each is held against what ActiveRecord does with it.
"""

from __future__ import annotations

from typing import NamedTuple

ALL = ("postgresql15", "mariadb", "sqlite")
POSTGRESQL = ("postgresql15",)
SERVERS = ("postgresql15", "mariadb")

#: What is there before each case.
BASE = """\
create_table :users do |t|
  t.string :name
  t.string :email
  t.integer :age
end
create_table :posts do |t|
  t.string :title
  t.text :body
  t.bigint :user_id
  t.bigint :writer_id
  t.integer :position
end
create_table :old_things do |t|
  t.string :label
  t.index :label
end
add_index :users, :name
add_index :users, [:name, :email], name: "by_both"
add_foreign_key :posts, :users
add_foreign_key :posts, :users, column: :writer_id, name: "written_by"
"""


class Case(NamedTuple):
    """The body, the engines that it is for, the version in the migration's bracket, and the method that it is of."""

    body: str
    engines: tuple[str, ...] = ALL
    version: str = "6.1"
    method: str = "up"


CASES = {
    # create_table
    "columns": Case("""\
create_table :things do |t|
  t.string :name, null: false
  t.string :code, limit: 20, default: "x"
  t.text :note
  t.integer :count, default: 0, null: false
  t.integer :small, limit: 2
  t.bigint :big, default: nil
  t.float :weight
  t.decimal :price, precision: 10, scale: 2
  t.boolean :on, default: false, null: false
  t.boolean :off, default: true
  t.date :day
  t.datetime :at
  t.datetime :precise, precision: 3
  t.time :hour
  t.timestamp :stamp
  t.binary :data
  t.timestamps
end
"""),
    "options in a variable": Case("""\
given = { unique: true }
given[:name] = "by_title" if connection.adapter_name
add_index :posts, :title, **given"""),
    "several names": Case("create_table(:things) { |t| t.string :one, :two, limit: 9 }"),
    "column": Case(
        "create_table(:things) { |t| t.column :one, :string, null: false; t.column 'two', 'integer' }"
    ),
    "without key": Case("create_table(:things, id: false) { |t| t.string :name }"),
    "key's name": Case("create_table(:things, primary_key: :thing_id) { |t| t.string :name }"),
    "key's type": Case("create_table(:things, id: :integer) { |t| t.string :name }"),
    "key's hash": Case("create_table(:things, id: { type: :bigint }) { |t| t.string :name }"),
    "key of strings": Case("create_table(:things, id: :string) { |t| t.string :name }"),
    "key of several": Case(
        "create_table(:things, primary_key: [:one, :two]) { |t| t.integer :one; t.integer :two }"
    ),
    "own key": Case("create_table(:things, id: false) { |t| t.primary_key :number; t.string :name }"),
    "uuid": Case(
        "enable_extension 'pgcrypto'\ncreate_table(:things, id: :uuid) { |t| t.string :name }", POSTGRESQL
    ),
    "comments": Case(
        'create_table(:things, comment: "All") { |t| t.string :name, comment: "Its name" }', SERVERS
    ),
    "forced": Case("create_table(:old_things, force: true) { |t| t.string :name }"),
    "forced with what depends on it": Case(
        "create_table(:old_things, force: :cascade) { |t| t.string :name }"
    ),
    "temporary": Case("create_table(:things, temporary: true) { |t| t.string :name }"),
    "as": Case('create_table :things, as: "SELECT name FROM users"'),
    "options": Case('create_table(:things, options: "ENGINE=InnoDB") { |t| t.string :name }', ("mariadb",)),
    "charset": Case(
        'create_table(:things, charset: "utf8mb4", collation: "utf8mb4_bin") { |t| t.string :n }',
        ("mariadb",),
    ),
    "if not exists": Case("create_table(:things, if_not_exists: true) { |t| t.string :name; t.index :name }"),
    "postgresql's types": Case(
        """\
enable_extension "hstore"
enable_extension "citext"
create_table :things do |t|
  t.jsonb :data, default: {}, null: false
  t.json :raw
  t.string :tags, array: true, default: []
  t.integer :numbers, array: true
  t.inet :ip
  t.cidr :net
  t.hstore :pairs
  t.citext :email
  t.tsvector :search
  t.uuid :token, default: -> { "gen_random_uuid()" }
  t.tstzrange :during
  t.int4range :span
  t.interval :long
  t.bit :flag, limit: 3
  t.money :price
  t.xml :doc
end
""",
        POSTGRESQL,
    ),
    "mysql's types": Case(
        """\
create_table :things do |t|
  t.mediumtext :one
  t.longtext :two
  t.text :three, limit: 16777215
  t.text :four, size: :long
  t.binary :five, limit: 255
  t.binary :six, limit: 65536
  t.integer :seven, limit: 1
  t.integer :eight, limit: 8
  t.unsigned_integer :nine
  t.integer :ten, unsigned: true
  t.json :eleven
  t.tinytext :twelve
  t.blob :thirteen
end
""",
        ("mariadb",),
    ),
    "references": Case("create_table(:things) { |t| t.references :user; t.belongs_to :post, null: false }"),
    "references with a key": Case(
        "create_table(:things) { |t| t.references :user, foreign_key: true, null: false, index: { unique: true } }"
    ),
    "references elsewhere": Case(
        "create_table(:things) { |t| t.references :author, foreign_key: { to_table: :users, on_delete: :cascade } }"
    ),
    "references to anything": Case("create_table(:things) { |t| t.references :owner, polymorphic: true }"),
    "references without an index": Case(
        "create_table(:things) { |t| t.references :user, index: false, type: :integer }"
    ),
    "indexes inside": Case("""\
create_table :things do |t|
  t.string :name, index: true
  t.string :code, index: { unique: true, name: "codes" }
  t.integer :a
  t.integer :b
  t.index [:a, :b], unique: true
  t.index :a, name: "only_a"
end
"""),
    "keys and checks inside": Case("""\
create_table :things do |t|
  t.bigint :user_id
  t.bigint :editor_id
  t.integer :price
  t.foreign_key :users
  t.foreign_key :users, column: :editor_id, name: "edited_by"
  t.check_constraint "price > 0", name: "positive"
  t.check_constraint "price < 1000"
end
"""),
    "join table": Case("create_join_table :users, :posts"),
    "join table, the other way": Case("create_join_table :posts, :old_things, table_name: :mixed"),
    "join table with an index": Case(
        "create_join_table(:old_things, :users, column_options: { null: true }) { |t| t.index :user_id }"
    ),
    "join tables that share a word": Case("create_join_table :shop_users, :shop_items"),
    # tables
    "drop": Case("drop_table :old_things"),
    "drop if there": Case("drop_table :old_things, if_exists: true"),
    "drop what depends on it": Case("drop_table :old_things, force: :cascade"),
    "drop a join table": Case("create_join_table :users, :posts\ndrop_join_table :users, :posts"),
    "rename": Case("rename_table :old_things, :new_things"),
    # columns
    "add": Case("add_column :users, :nick, :string"),
    "add with a default": Case('add_column :users, :nick, :string, default: "x", null: false, limit: 50'),
    "add not null": Case("create_table :empty\nadd_column :empty, :number, :integer, null: false"),
    "add a datetime": Case("add_column :users, :seen_at, :datetime"),
    "add decimal": Case("add_column :users, :balance, :decimal, precision: 12, scale: 4, default: 0"),
    "add with comment": Case('add_column :users, :nick, :string, comment: "Nick"', SERVERS),
    "add an array": Case("add_column :users, :tags, :text, array: true, default: []", POSTGRESQL),
    "add after": Case("add_column :users, :nick, :string, after: :name", ("mariadb",)),
    "add by expression": Case(
        'add_column :users, :made, :datetime, default: -> { "CURRENT_TIMESTAMP" }', SERVERS
    ),
    "add raw": Case('add_column :users, :nick, "varchar(30)"'),
    "remove": Case("remove_column :posts, :title"),
    "remove with type": Case("remove_column :posts, :title, :string, null: false"),
    "remove several": Case("remove_columns :posts, :title, :body"),
    "rename a column": Case("rename_column :posts, :title, :headline"),
    "change": Case("change_column :posts, :position, :bigint"),
    "change all": Case("change_column :posts, :position, :bigint, default: 3, null: false"),
    "change using": Case('change_column :posts, :title, :integer, using: "title::integer"', POSTGRESQL),
    "default": Case("change_column_default :posts, :position, 7"),
    "default from and to": Case('change_column_default :posts, :title, from: nil, to: "none"'),
    "default away": Case("change_column_default :posts, :position, nil"),
    "null": Case("change_column_null :posts, :position, true"),
    "not null": Case("change_column_null :posts, :position, false"),
    "not null with a value": Case("change_column_null :posts, :position, false, 4"),
    "column comment": Case('change_column_comment :posts, :title, "Words"', SERVERS),
    "table comment": Case('change_table_comment :posts, from: nil, to: "All"', SERVERS),
    "timestamps": Case("create_table :empty\nadd_timestamps :empty"),
    "timestamps away": Case("create_table(:empty) { |t| t.timestamps }\nremove_timestamps :empty"),
    "timestamps with null": Case("add_timestamps :posts, null: true"),
    # references
    "reference": Case("add_reference :posts, :editor"),
    "reference with a key": Case("add_reference :posts, :old_thing, foreign_key: true"),
    "reference elsewhere": Case(
        "add_reference :posts, :editor, foreign_key: { to_table: :users, name: 'edited' }, index: false"
    ),
    "reference to anything": Case(
        "add_reference :posts, :owner, polymorphic: true, null: false, default: 1", SERVERS
    ),
    "belongs_to": Case("add_belongs_to :posts, :editor, type: :integer, index: { name: 'editors' }"),
    "reference away": Case("add_reference :posts, :editor\nremove_reference :posts, :editor"),
    "reference and key away": Case("remove_reference :posts, :user, foreign_key: true"),
    "polymorphic away": Case(
        "add_reference :posts, :owner, polymorphic: true\nremove_reference :posts, :owner, polymorphic: true"
    ),
    # indexes
    "index": Case("add_index :posts, :title, length: 10"),
    "index of several": Case("add_index :posts, [:user_id, :position]"),
    "unique index": Case("add_index :posts, :position, unique: true"),
    "index with a name": Case('add_index :posts, :position, name: "positions"'),
    "index in order": Case("add_index :posts, [:position, :user_id], order: { position: :desc }"),
    "partial index": Case('add_index :posts, :position, where: "position > 3"', ("postgresql15", "sqlite")),
    "index by method": Case("add_index :posts, :position, using: :btree"),
    "index of an expression": Case('add_index :users, "lower(name)"', ("postgresql15", "sqlite")),
    "index of an expression with a name": Case(
        'add_index :users, "lower(name), age", name: "folded"', POSTGRESQL
    ),
    "full text": Case("add_index :posts, :body, type: :fulltext", ("mariadb",)),
    "index with a comment": Case('add_index :posts, :position, comment: "Why"', SERVERS),
    "index if not there": Case("add_index :posts, :position, if_not_exists: true"),
    "index away": Case("remove_index :users, :name"),
    "index away by columns": Case("remove_index :users, column: [:name]"),
    "index away by name": Case('remove_index :users, name: "by_both"'),
    "index away if there": Case("remove_index :users, :name, if_exists: true"),
    "rename an index": Case('rename_index :users, "by_both", "by_name_and_email"', SERVERS),
    # foreign keys and constraints
    "key": Case("add_foreign_key :posts, :old_things, column: :position", POSTGRESQL),
    "key by default": Case("add_column :posts, :old_thing_id, :bigint\nadd_foreign_key :posts, :old_things"),
    "key with a name": Case(
        'add_column :posts, :x_id, :bigint\nadd_foreign_key :posts, :old_things, column: :x_id, name: "x"'
    ),
    "key with actions": Case(
        "add_column :posts, :x_id, :bigint\n"
        "add_foreign_key :posts, :old_things, column: :x_id, primary_key: :id, on_delete: :cascade, "
        "on_update: :restrict"
    ),
    "key that is not valid": Case(
        "add_column :posts, :x_id, :bigint\n"
        "add_foreign_key :posts, :old_things, column: :x_id, validate: false\n"
        "validate_foreign_key :posts, column: :x_id",
        POSTGRESQL,
    ),
    "key away": Case("remove_foreign_key :posts, column: :user_id"),
    "key away by table": Case("remove_foreign_key :posts, :users, column: :user_id"),
    "key away by name": Case('remove_foreign_key :posts, name: "written_by"', SERVERS),
    "check": Case('add_check_constraint :posts, "position > 0", name: "positive"'),
    "check by default": Case('add_check_constraint :posts, "position > 0"'),
    "check that is not valid": Case(
        'add_check_constraint :posts, "position > 0", name: "p", validate: false\n'
        'validate_check_constraint :posts, name: "p"',
        POSTGRESQL,
    ),
    "check away": Case(
        'add_check_constraint :posts, "position > 0"\nremove_check_constraint :posts, "position > 0"'
    ),
    "check away by name": Case(
        'add_check_constraint :posts, "position > 0", name: "p"\nremove_check_constraint :posts, name: "p"',
        SERVERS,
    ),
    # change_table
    "change_table": Case("""\
change_table :posts do |t|
  t.string :slug, null: false, default: ""
  t.references :editor
  t.index :slug, unique: true
  t.remove :body
  t.rename :title, :headline
  t.change :position, :bigint
  t.change_default :headline, "x"
  t.timestamps null: true
end
"""),
    "change_table in one": Case(
        """\
change_table :posts, bulk: true do |t|
  t.string :slug
  t.integer :rank, default: 0
  t.index :slug
  t.remove :body
  t.change :position, :bigint
  t.timestamps null: true
end
""",
        SERVERS,
    ),
    "change_table in parts": Case(
        """\
change_table :posts, bulk: true do |t|
  t.string :slug
  t.rename :title, :headline
  t.references :editor
  t.boolean :on
  t.foreign_key :old_things, column: :rank_id if false
  t.remove_index :user_id if false
  t.change_null :slug, false
end
""",
        SERVERS,
    ),
    # PostgreSQL's own
    "extension": Case('enable_extension "hstore"', POSTGRESQL),
    "extension away": Case('enable_extension "hstore"\ndisable_extension "hstore"', POSTGRESQL),
    "schema": Case(
        'create_schema "audit"\ncreate_table("audit.events") { |t| t.string :name; t.index :name }',
        POSTGRESQL,
    ),
    "schema away": Case('create_schema "audit"\ndrop_schema "audit"', POSTGRESQL),
    # SQL and rows
    "execute": Case('execute "UPDATE users SET age = 1"'),
    "heredoc": Case("execute <<~SQL\n  ALTER TABLE users ADD COLUMN nick text\nSQL"),
    "a variable that is given twice": Case(
        'sql = "ALTER TABLE users ADD COLUMN nick text"\nexecute sql\n'
        'sql = "ALTER TABLE users ADD COLUMN other text"\nexecute sql'
    ),
    "by the connection": Case(
        "connection.add_column :users, :nick, :string\nActiveRecord::Base.connection.add_index :users, :age"
    ),
    "past the recorder": Case(
        'add_column :users, :nick, :string\nActiveRecord::Base.connection.execute "UPDATE users SET age = 2"'
    ),
    # loops, helpers, versions
    "loop": Case("%i[one two].each { |name| add_column :users, name, :integer }"),
    "loop of pairs": Case(
        '{ one: :integer, two: :string }.each { |name, type| add_column :users, "c_#{name}", type }'
    ),
    "loop of numbers": Case('3.times { |i| create_table "shard_#{i}" }'),
    "long names": Case(
        'create_table("a_rather_long_name_of_a_table") { |t| t.string :first_of_columns; t.index :first_of_columns }'
    ),
    "5.0": Case(
        "create_table(:things) { |t| t.references :user; t.timestamps }\n"
        "add_reference :posts, :thing\nadd_timestamps :posts, null: true",
        version="5.0",
    ),
    "4.2": Case(
        "create_table(:things) { |t| t.references :user; t.timestamps }\nadd_reference :posts, :thing, index: true",
        version="4.2",
    ),
    "5.2": Case(
        "create_table(:things) { |t| t.references :owner, polymorphic: true; t.timestamps }", version="5.2"
    ),
    "5.1": Case("change_column :posts, :position, :bigint, default: 3, null: true", version="5.1"),
    "patterns": Case("""\
case connection.adapter_name
in "PostgreSQL" | "Mysql2"
  add_column :users, :on_server, :string
else
  add_column :users, :in_file, :string
end
case connection.adapter_name
in /sql\\z/i then add_column :users, :on_postgresql, :string
else add_column :users, :on_another, :string
end
"""),
}
