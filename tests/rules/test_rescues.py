"""What is said of Rails migrations whose errors are rescued."""

from __future__ import annotations

import pytest

from tests.rules.test_program_findings import rails, said

ADD, INDEX = "add_column :cards, :code, :string", "add_index :cards, :code"
SWALLOW = "rescue ActiveRecord::StatementInvalid\n  say 'there'"
RULES = ("unguarded-add", "unguarded-create", "incomplete-guard")


def told(lines: str, dialect: str = "mysql", head: str = "") -> list[str]:
    """The rules that have something to say of single operations."""
    found = said("rails", dialect, rails(lines, method="up", head=head))
    return [one.rule for one in found if one.rule in RULES]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (f"{ADD}\n{INDEX}", ["unguarded-add", "unguarded-create"]),
        (f"begin\n{ADD}\n{SWALLOW}\nend\nbegin\n{INDEX}\n{SWALLOW}\nend", []),
        (f"begin\n{ADD}\n{INDEX}\n{SWALLOW}\nend", ["incomplete-guard"]),
        (f"{ADD}\n{INDEX}\n{SWALLOW}", ["incomplete-guard"]),
        (f"begin\n{ADD}\n{INDEX}\nrescue PG::Error\nend", ["unguarded-add", "unguarded-create"]),
        (f"begin\n{ADD}\n{INDEX}\nrescue => e\n  raise e\nend", ["unguarded-add", "unguarded-create"]),
        (
            f"begin\n{ADD}\n{INDEX}\nrescue => e\n  puts e\n  exit 1\nend",
            ["unguarded-add", "unguarded-create"],
        ),
        (f"begin\n{ADD}\n{INDEX}\nrescue => e\n  puts 'exit'\nend", ["incomplete-guard"]),
        (f"{ADD} rescue abort('no')", ["unguarded-add"]),
        ("add_reference :cards, :deck, foreign_key: true rescue nil", ["incomplete-guard"]),
        (f"begin\n{ADD} unless column_exists?(:cards, :code)\n{INDEX}\n{SWALLOW}\nend", []),
    ],
)
def test_a_rescue_around_several_operations(lines: str, expected: list[str]) -> None:
    assert told(f"{lines}" if lines.endswith("'there'") else f"{lines}\nrename_table :a, :b") == expected


def test_what_is_said_of_it() -> None:
    text = rails(f"begin\n{ADD}\n{INDEX}\n{SWALLOW}\nend", method="up")
    (found,) = said("rails", "mysql", text, "incomplete-guard")
    assert found.message == (
        "The guard does not hold: the first error ends all that is rescued. If the migration stops after add_column"
        " cards.code, the next run passes over add_index index_cards_on_code."
    )


def test_in_a_transaction_of_postgresql() -> None:
    """An error that is swallowed there is no smaller for that; where nothing is kept, nothing is said."""
    head = "  disable_ddl_transaction!\n\n"
    around = f"add_column :b, :c, :text\ntransaction do\nbegin\n{ADD}\n{SWALLOW}\nend\nLATER\nend\nadd_index :b, :c"
    later = around.replace("LATER", "add_column :b, :d, :text")
    assert told(later, "postgresql", head).count("incomplete-guard") == 1
    assert not told(around.replace("LATER", ""), "postgresql", head).count("incomplete-guard")
    assert not told(later.replace("begin", "begin\nexecute 'SAVEPOINT a'"), "postgresql", head).count(
        "incomplete-guard"
    )
    assert not told(later, "postgresql")
