"""Fixes of files with very many operations: proven as long as that lasts seconds, and then not offered."""

from __future__ import annotations

import pytest

from partway.core.edit import Edit, apply_edits
from partway.core.source import SourceFile, Span
from partway.linting import Selection, lint
from partway.tools.alembic.shortening import without_others
from partway.tools.choice import Choice
from tests.rules.test_program_findings import alembic, rails

MANY = 600


def fixes(tool: str, path: str, text: str) -> tuple[int, int]:
    """How many findings have a fix, and how many there are."""
    found = lint(SourceFile(path, text), Choice(tool, "mysql"), Selection()).diagnostics
    return sum(one.fix is not None for one in found), len(found)


def test_every_operation_of_a_long_revision_has_its_fix() -> None:
    lines = "\n".join(f'op.create_index("i{number}", "t", ["c{number}"])' for number in range(MANY))
    assert fixes("alembic", "alembic/versions/4f2e_change.py", alembic(lines)) == (MANY, MANY + 1)


def test_where_each_proof_reads_all_of_a_long_migration_some_are_left_out() -> None:
    # On the way down of `change`, what one condition asks may matter to every other call.
    lines = "remove_index :t, name: :x if index_exists?(:t, :x)\n" + "\n".join(
        f"add_index :t, :c{number}, name: 'i{number}' unless x" for number in range(MANY)
    )
    for _ in range(2):  # what was read for it once does not count when it is read anew
        fixed, found = fixes("rails", "db/migrate/20240101000000_change.rb", rails(lines))
        assert 0 < fixed < found


def test_one_string_with_very_many_statements() -> None:
    """Each proof reads the whole string again."""
    statements = "".join(f"DROP TABLE long_name_of_a_table_{number};\n" for number in range(3 * MANY))
    fixed, found = fixes(
        "rails", "db/migrate/20240101000000_change.rb", rails(f"execute <<~SQL\n{statements}SQL")
    )
    assert 0 < fixed < found


@pytest.mark.parametrize("touched", [0, 5, 11])
def test_a_revision_without_its_other_calls(touched: int) -> None:
    calls = [f'op.drop_table("t{number}")' for number in range(12)]
    calls.insert(6, "name = 'ä'")
    text = alembic("\n".join(calls))
    at = text.index(f'op.drop_table("t{touched}")')
    edits = (Edit(Span(0, 0), "import os\n"), Edit(Span(at, at + 2), "other"))
    short, moved = without_others(text, edits)
    changed = apply_edits(short, moved)
    compile(changed, "revision", "exec")
    assert f'other.drop_table("t{touched}")' in changed
    assert changed.startswith("import os\n")
    assert changed.count("drop_table") == 1
    assert "name = 'ä'" in changed


def test_a_short_revision_is_read_as_it_is() -> None:
    text = alembic('op.drop_table("a")\nop.drop_table("b")')
    assert without_others(text, ()) == (text, ())
