"""What is told without running or reading a migration once more is what that would have told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from partway.core.migration import Migration, Mode
from partway.core.operation import Operation
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.tools.rails import reader, writer
from partway.tools.rails.commands import Command, Irreversible
from partway.tools.rails.running import Running
from partway.tools.rails.turning import turned_round
from partway.tools.setup import Setup
from tests.tools.rails.helper import DIALECTS, FIXTURES, body, read_text

_VERSIONS = ("5.2", "6.1", "7.1", "8.1")
_CALLS = (
    "add_column :users, :age, :integer",
    "add_column(:users, :age, :integer, null: false)",
    "add_column :users, :age, :integer, default: 1 if foo",
    "add_column :users, :age, :integer,\n      null: false,\n      limit: 4  # why",
    "add_column :users, :age, :integer unless column_exists?(:users, :age)",
    "add_column :users, :age, kind",
    "add_column :users, :age, kind :integer",
    "add_column :users, :age, :integer\n    add_column :users, :age, :integer",
    "%w[a b].each { |name| add_column :users, name, :integer }",
    "add_index :users, [:name, :mail], unique: true",
    "add_index :users, :name, algorithm: :concurrently",
    "add_index :users, %i[name mail]",
    "add_reference :users, :role, foreign_key: true",
    "add_reference :users, :role, index: { unique: true }",
    "add_foreign_key :users, :roles",
    "add_check_constraint :users, 'age > 0', name: 'grown'",
    "add_timestamps :users",
    "add_column :users, :age, :integer, if_not_exists: false",
    "create_table :roles",
    "create_table :roles, id: false do |t|\n      t.string :name, index: true\n      t.references :owner\n    end",
    "create_table :roles do |t|\n      t.references :owner, foreign_key: true\n    end",
    "create_table :roles, force: true do |t|\n      t.timestamps\n    end",
    "create_join_table :users, :roles",
    "drop_table :roles do |t|\n      t.string :name\n    end",
    "drop_table :roles, if_exists: true",
    "drop_table :roles",
    "remove_column :users, :age, :integer",
    "remove_column :users, :age",
    "remove_index :users, :name",
    "remove_index :users, column: :name",
    "remove_foreign_key :users, :roles",
    "rename_column :users, :mail, :email",
    "rename_table :users, :people",
    "change_table :users do |t|\n      t.string :nick\n      t.index :nick\n    end",
    "change_table :users, bulk: true do |t|\n      t.string :nick\n      t.index :nick\n    end",
    "change_column_default :users, :age, from: 1, to: 2",
    "change_column_null :users, :age, false",
    "transaction do\n      add_column :users, :age, :integer\n    end",
    "reversible do |dir|\n      dir.up { add_column :users, :age, :integer }\n    end",
    "up_only { add_column :users, :age, :integer }",
    "revert { add_column :users, :age, :integer }",
    "add_column :users, :age, :integer unless reverting?",
    "execute 'ALTER TABLE users ADD COLUMN age int'",
    "execute 'ALTER TABLE users ADD COLUMN age int, ADD COLUMN size int; CREATE INDEX i ON users (age)'",
    "execute <<~SQL\n      CREATE TABLE roles (id int);\n      DROP TABLE old;\n    SQL",
    "execute \"DROP TABLE \" + \"old, older\"\n    execute \"CREATE TABLE a\\tb (id int)\"",
    "execute \"CREATE TABLE roles (\" \"id int)\"\n    execute \"DROP TABLE #{name}\"\n    execute 'DROP VIEW x'",
    "%w[a b].each { |name| execute \"CREATE TABLE #{name} (id int); DROP TABLE one\" }",
    "execute 'CREATE TABLE roles (id int)' unless table_exists?(:roles)\n    execute 'CREATE TABLE roles (id int)'",
    "sql = 'CREATE SCHEMA one'\n    execute sql\n    execute sql\n    execute 'DROP TABLE a; DROP TABLE a'",
    "execute <<~SQL.strip\n      -- it's an \u00e9 \U0001f600\n      CREATE TABLE roles (id int);\n    SQL",
    "begin\n      add_column :users, :age, :integer\n    rescue\n    end",
    "n = 0\n    create_table :roles do |t|\n      n += 1\n    end\n    add_column :users, \"a#{n}\", :string",
    "safe_add :users\n    add_column :users, :age, :integer",
    "add_column :users, :age",
    "add_column :users, :age, \"int\" \"eger\"",
    "add_column :users, :age, {}",
    "add_column :users, :age, :integer, **more",
)  # fmt: skip


def _migrations() -> Iterator[str]:
    yield from (path.read_text() for path in FIXTURES)
    for version in _VERSIONS:
        for calls in _CALLS:
            for method in ("change", "up"):
                yield body(f"    {calls}\n    add_column :last, :one, :string", method, version)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_way_back_is_what_a_run_makes(dialect: str) -> None:
    """Turned round without a run, `change` gives the calls that running it once more gives."""
    plain = 0
    for text in _migrations():
        setup = Setup("rails", dialect_named(dialect))
        program = reader.read_whole(SourceFile("1_a.rb", text), setup).context.program
        change = program.methods.get("change")
        if change is None:
            continue
        in_transaction = dialect_named(dialect).transactional_ddl
        up = Running(program, in_transaction=in_transaction)
        down = Running(program, reverting=True, in_transaction=in_transaction)
        try:
            up.method(change)
        except Irreversible:
            continue
        expected: object
        found: object
        try:
            down.method(change)
            expected = [_call(one) for one in down.commands]
        except Irreversible as error:
            expected = error.why
        try:
            turned = turned_round(program, up.commands)
            found = None if turned is None else [_call(one) for one in turned]
        except Irreversible as error:
            found = error.why
        if found is not None:
            assert found == expected, text
            plain += 1
    assert plain > 100


def _call(command: Command) -> tuple[object, ...]:
    # Scopes and blocks are others in each run; what stands around a call is asked of the way up alone.
    return tuple(command._replace(scope=None, block=None, frames=()))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("shortcut", ["is_guarded_by", "is_guarded_there", "is_guarded_in_strings"])
def test_a_fix_is_proven_only_where_reading_proves_it(
    dialect: str, shortcut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the statements of one call prove, or that call read by itself, reading the whole migration again proves as
    well."""
    proven = 0
    prove = getattr(writer, shortcut)

    def held(migration: Migration, operation: Operation, *how: object) -> bool:
        nonlocal proven
        if prove(migration, operation, *how):
            proven += 1
            asked.append(operation)
        return False  # so that it is read again

    monkeypatch.setattr(writer, shortcut, held)
    for text in _migrations():
        migration = read_text(text, dialect)
        for section in migration.sections:
            for operation in section.operations:
                asked: list[Operation] = []
                fix = writer.write(migration, operation, reused=False, fresh=False, taken=(), alone=False)
                assert fix is not None or not asked, f"{text}\n{operation.kind} {operation.target}"
    assert proven > 50


def test_a_demanded_mode_is_not_taken_for_the_migrations_own() -> None:
    setup = Setup("rails", dialect_named("mysql"), forced=Mode.PER_MIGRATION)
    migration = reader.read(SourceFile("1_a.rb", body("    add_column :a, :b, :string")), setup)
    again = reader.by_itself(migration)
    assert again.migration is not migration
    assert again.migration.sections[0].transaction.mode is Mode.NONE
