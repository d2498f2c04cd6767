"""`case` in Rails migrations: which branch is taken, and what is read where only a run would tell."""

from __future__ import annotations

import pytest

from partway.core.migration import Mode
from tests.tools.rails.helper import body, read_text, said, up

B, C = "add_column :a, :b, :text", "add_column :a, :c, :text"


def lines(*branches: str, subject: str = "connection.adapter_name") -> str:
    """A `case`, each branch of which is a word with what it takes, and a call."""
    return "\n".join([f"case {subject}", *branches, "end"])


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (lines(f"when 'PostgreSQL' then {B}", f"else {C}"), B),
        (lines(f"in 'PostgreSQL' then {B}", f"else {C}"), B),
        (lines(f"in 'Mysql2' | 'PostgreSQL'\n{B}", f"else\n{C}"), B),
        (lines(f"in /sqlite/i\n{B}", f"else\n{C}"), C),
        (lines(f"in 'SQLite'\n{B}", f"in 'PostgreSQL'\n{C}"), C),
        (lines(f"in 'SQLite'\n{B}"), ""),
        (lines(f"when 'SQLite'\n{B}"), ""),
        (lines("when 'PostgreSQL'\n", f"else {C}"), ""),
    ],
)
def test_the_branch_for_this_database(text: str, taken: str) -> None:
    assert said(up(text)) == ([f"add-column a.{taken[16]}"] if taken else [])
    kind = text.replace("connection.adapter_name", "kind")
    assert len(up(kind)) == kind.count("add_column")
    assert all(one.conditional for one in up(kind))


@pytest.mark.parametrize(
    "branch",
    [
        "in 'PostgreSQL' if new?",
        "in String",
        "in name",
        "in {name:}",
        "when *LIST",
        "when Text",
        "when known",
    ],
)
def test_a_branch_that_nobody_can_tell(branch: str) -> None:
    """What may run is read."""
    assert said(up(lines(f"{branch}\n{B}"))) == ["add-column a.b"]
    assert len(up(lines(f"{branch}\n{B}", f"else\n{C}"))) == 2


def test_the_value_of_a_branch() -> None:
    text = "type = case connection.adapter_name\nin 'PostgreSQL' then :jsonb\nelse :text\nend\nadd_column :a, :b, type"
    for dialect, expected in (("postgresql", "jsonb"), ("sqlite", "text")):
        (made,) = up(text, dialect)
        assert dict(made.postconditions[0].attributes)["type"] == expected


@pytest.mark.parametrize(
    ("branches", "read"),
    [
        (["when 1 then return"], [C]),
        (["when 1 then return", "else say 'x'"], [C]),
        (["when 1 then say 'x'", "else return"], [C]),
        ([f"when 1\n{B}\nreturn"], [B, C]),
        (["when 1 then return", "else return"], []),
        ([f"in 1 then {B}", "in 2 then return"], [B, C]),
        (["when 1\nreturn if done?", "when 2 then say 'x'"], [C]),
    ],
)
def test_what_follows_a_branch_that_leaves(branches: list[str], read: list[str]) -> None:
    found = up(f"{lines(*branches, subject='kind')}\n{C}")
    assert said(found) == [f"add-column a.{each[16]}" for each in read]
    assert all(one.conditional for one in found)


@pytest.mark.parametrize(
    "before",
    [
        "raise 'no' unless ready?",
        "ready? or raise 'no'",
        lines("when 1 then raise 'no'", subject="kind"),
        "if table_exists?(:sheets)\n  abort('no') unless ready?\nend",
    ],
)
def test_what_follows_where_the_migration_would_have_failed(before: str) -> None:
    """It runs wherever the migration does."""
    (found,) = up(f"{before}\n{C}")
    assert not found.conditional
    (maybe,) = up(f"{before}\nreturn if done?\n{C}")
    assert maybe.conditional


def test_a_branch_that_leaves_a_loop_alone() -> None:
    leaves = lines("when 1 then next", subject="kind")
    inside, after = up(f"[1].each do |each|\n{leaves}\n{B}\nend\n{C}")
    assert inside.conditional
    assert not after.conditional


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ("Shop::Database.oracle?", (False, False)),
        ("Shop::Database.mysql?", (False, True)),
        ("DB.postgres?", (True, False)),
        ("connection.oracle_enhanced?", (False, False)),
        ("Shop::Card.oracle?", (None, None)),
        ("Database.there?", (None, None)),
    ],
)
def test_a_module_of_the_projects_own_knows_which_database_it_is(
    asked: str, answers: tuple[bool | None, bool | None]
) -> None:
    text = f"if {asked}\n  add_column :a, :b, :text\nelse\n  add_column :a, :c, :text\nend"
    there = {None: ["add-column a.b", "add-column a.c"], True: ["add-column a.b"], False: ["add-column a.c"]}
    for dialect, answer in zip(("postgresql", "mysql"), answers, strict=True):
        assert said(up(text, dialect)) == there[answer]


@pytest.mark.parametrize(
    ("condition", "runs"),
    [
        ("if Shop::Database.postgres?", True),
        ("unless ActiveRecord::Base.connection.adapter_name == 'PostgreSQL'", False),
        ("if DB.mysql?", False),
        ("unless DB.mysql?", True),
    ],
)
def test_an_opt_out_for_one_database(condition: str, runs: bool) -> None:
    text = body("add_index :a, :b, algorithm: :concurrently").replace(
        "  def change", f"  disable_ddl_transaction! {condition}\n  def change"
    )
    assert (read_text(text).sections[0].transaction.mode is Mode.NONE) is runs
