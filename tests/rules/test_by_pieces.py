"""Files that have no transaction for good reasons: rows filled in pieces, a look for an INVALID index."""

from __future__ import annotations

import pytest

from tests.rules.test_program_findings import rails, said

HEAD = "  disable_ddl_transaction!\n\n"
PIECES = """\
loop do
  found = connection.exec_query(<<~SQL)
    WITH batch AS (SELECT id FROM cards WHERE {} ORDER BY id LIMIT 500)
    UPDATE cards SET {} FROM batch WHERE cards.id = batch.id RETURNING cards.id;
  SQL
  break if found.rows.empty?
end
add_index :cards, :kind, algorithm: :concurrently, if_not_exists: true
"""
CLEARS = """\
invalid = select_value(<<~SQL)
  SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = 'by_kind' AND {}
SQL
remove_index :cards, name: 'by_kind' if {}
add_index :cards, :kind, name: 'by_kind', algorithm: :concurrently, if_not_exists: true
"""


@pytest.mark.parametrize(
    ("chosen", "assigned", "count"),
    [("kind IS NULL", "kind = 'a' || name", 0), ("size > 3", "size = size + 1", 1)],
)
def test_rows_that_are_filled_in_pieces_are_to_be_kept_one_by_one(
    chosen: str, assigned: str, count: int
) -> None:
    text = rails(PIECES.format(chosen, assigned), method="up", head=HEAD)
    assert len(said("rails", "postgresql", text, "mixed-transactional-statements")) == count


@pytest.mark.parametrize(
    ("state", "asked", "count"),
    [
        ("NOT pg_index.indisvalid", "invalid.present?", 0),
        ("NOT indisvalid", "!invalid.nil?", 0),
        ("NOT indisvalid", "invalid", 0),
        ("NOT indisvalid", "invalid.blank?", 1),
        ("NOT indisunique", "invalid.present?", 1),
    ],
)
def test_an_index_that_is_dropped_where_it_is_not_valid(state: str, asked: str, count: int) -> None:
    """Once it is gone, the look finds it no more."""
    text = rails(CLEARS.format(state, asked), method="up", head=HEAD)
    assert len(said("rails", "postgresql", text, "unguarded-drop")) == count


def test_a_name_that_stands_for_itself_comes_to_an_end() -> None:
    text = rails("found = found.present?\nadd_column :a, :b, :text unless found.present?", method="up")
    assert said("rails", "mysql", text, "half-done-possible") == []


@pytest.mark.parametrize(
    ("loop", "count"),
    [
        ("Card.where(box_id: nil).find_each { |card| card.update(box_id: Box.create(name: 'a').id) }", 0),
        ("Card.where('box_id IS NULL').each do |card|\n  box = Box.create\n  card.box_id = box.id\nend", 0),
        (
            "Card.joins('LEFT JOIN boxes').where('boxes.id is null').each { |card| Box.create(card_id: card.id) }",
            0,
        ),
        ("Card.where(deleted_at: nil).each { |card| Box.create(name: card.name) }", 1),
        ("Card.where(box_id: nil).each { |card| Box.create(name: card.name) }", 1),
        ("Card.where('moves.id is null').each { |card| Box.create(card_id: card.id) }", 1),
        ("Card.where(box_id: nil).each { |card| Box.create(name: 'a') if card.box_id == 2 }", 1),
    ],
)
def test_rows_for_records_that_lack_them(loop: str, count: int) -> None:
    """Once they are there, the query finds the record no more."""
    text = rails(f"{loop}\nadd_column :cards, :a, :text", method="up")
    assert len(said("rails", "mysql", text, "repeated-insert")) == count
