"""Calls on a model's connection, which may be one to another database: what is told of the transaction around them."""

from __future__ import annotations

import pytest

from partway.core.operation import InTransaction
from tests.rules.test_program_findings import rails, said
from tests.tools.rails.helper import Files, body, read_text, up

INDEX = "CREATE INDEX CONCURRENTLY by_day ON log_lines (day)"
VALUE = "ALTER TYPE mood ADD VALUE 'calm'"
USE = "UPDATE users SET mood = 'calm'::mood"
UNTOLD = [
    f'Audit::LogLine.connection.execute("{INDEX}")',
    f'LogLine.lease_connection.execute("{INDEX}")',
    f'log = LogLine.connection\nlog.execute "{INDEX}"',
    f'[LogLine].each {{ |model| model.connection.execute("{INDEX}") }}',
    "LogLine.connection.add_index :log_lines, :day, algorithm: :concurrently",
    "LogLine.connection.change_table(:log_lines) { |t| t.index :day, algorithm: :concurrently }",
    f'LogLine.connection.execute("COMMIT")\nexecute("{INDEX}")',
    'LogLine.connection.execute("COMMIT")',
    f'LogLine.connection.execute("{VALUE}")\nexecute("{USE}")',
]
TOLD = [
    f'ActiveRecord::Base.connection.execute("{VALUE}")\nexecute("{USE}")',
    f'ActiveRecord::Base.connection.execute("{INDEX}")',
    f'ApplicationRecord.connection.execute("{INDEX}")',
    f'connection.execute("{INDEX}")',
    f'self.class.connection.execute("{INDEX}")',
    f'ActiveRecord::Base.connection.execute("COMMIT")\nLogLine.connection.execute("{INDEX}")',
    f'LogLine.connection.execute("UPDATE log_lines SET a = 1")\nexecute("{INDEX}")',
]
#: The rules that depend on which transaction is open.
RULES = ("statement-refused-in-transaction", "embedded-transaction-control", "enum-value-used-before-commit")


@pytest.mark.parametrize("lines", UNTOLD)
def test_a_models_connection_may_be_another_one(lines: str) -> None:
    assert not [one for rule in RULES for one in said("rails", "postgresql", rails(lines, method="up"), rule)]


@pytest.mark.parametrize("lines", TOLD)
def test_the_migrations_own_connection_is_in_its_transaction(lines: str) -> None:
    assert [one for rule in RULES for one in said("rails", "postgresql", rails(lines, method="up"), rule)]


def test_a_setting_of_a_models_connection() -> None:
    text = rails('LogLine.connection.execute("PRAGMA foreign_keys = OFF")', method="up")
    assert not said("rails", "sqlite", text, "ignored-setting")
    assert said("rails", "sqlite", text.replace("LogLine", "ActiveRecord::Base"), "ignored-setting")


def test_what_it_does_is_read_all_the_same() -> None:
    (index,) = up(UNTOLD[0])
    assert (index.kind, index.target, index.in_transaction) == (
        "create-index",
        "by_day",
        InTransaction.UNKNOWN,
    )
    assert index.actions[0].in_transaction is InTransaction.UNKNOWN
    (plain,) = up("LogLine.connection.add_column :log_lines, :day, :date")
    assert (plain.kind, plain.in_transaction) == ("add-column", InTransaction.UNKNOWN)


def test_outside_any_transaction_nothing_depends_on_it() -> None:
    text = body(UNTOLD[0]).replace("  def", "  disable_ddl_transaction!\n\n  def")
    (index,) = read_text(text).sections[0].operations
    assert index.in_transaction is InTransaction.REFUSED


PLAIN = "module Audit\n  class LogLine < ApplicationRecord\n    belongs_to :user\n  end\nend\n"


@pytest.mark.parametrize(
    ("model", "known"),
    [
        (PLAIN, True),
        ("class Audit::LogLine < ::ActiveRecord::Base\nend\n", True),
        (PLAIN.replace("ApplicationRecord", "LogRecord"), False),
        (PLAIN.replace("belongs_to :user", "connects_to database: { writing: :logs }"), False),
        (PLAIN.replace("belongs_to :user", "establish_connection :logs"), False),
        (PLAIN.replace("belongs_to :user", "include OnLogDatabase"), False),
        (PLAIN.replace("LogLine", "LogLines"), False),
        ("", False),
    ],
)
def test_a_model_that_plainly_has_no_connection_of_its_own(model: str, known: bool) -> None:
    files = Files({"app/models/audit/log_line.rb": model})
    (index,) = up(UNTOLD[0], beside=files)
    assert index.in_transaction is (InTransaction.REFUSED if known else InTransaction.UNKNOWN)
    assert set(files.relied) == ({"app/models/audit/log_line.rb"} if model else set())


@pytest.mark.parametrize(
    ("head", "known"),
    [
        ("class LogLine < ActiveRecord::Base\nend\n", True),
        ("class LogLine < LogRecord\nend\n", False),
        ("class LogLine < ActiveRecord::Base\n  establish_connection :logs\nend\n", False),
    ],
)
def test_a_model_of_the_file(head: str, known: bool) -> None:
    call = f'LogLine.connection.execute("{INDEX}")'
    above = read_text(head + body(call)).sections[0].operations
    inside = read_text(body(call).replace("  def", f"{head}  def")).sections[0].operations
    for (index,) in (above, inside):
        assert index.in_transaction is (InTransaction.REFUSED if known else InTransaction.UNKNOWN)


def test_other_files_are_looked_at_only_for_such_a_call() -> None:
    files = Files({"app/models/log_line.rb": PLAIN})
    up("LogLine.update_all(a: 1)\nadd_column :a, :b, :text", beside=files)
    assert not files.relied


CONNECTS = "connects_to database: { writing: :logs }"
LOGS = f"class LogRecord < ActiveRecord::Base\n  self.abstract_class = true\n  {CONNECTS}\nend\n"
LINE = "class LogLine < LogRecord\nend\n"
CHANGES = "execute 'UPDATE a SET n = n + 1'\nexecute 'UPDATE b SET n = n + 1'\n"


def torn(text: str) -> bool:
    """Whether the two changes can be torn apart by a stop."""
    found = said("rails", "mysql", text, "half-done-possible")
    return bool(found) and found[0].message.startswith("2 operations")


@pytest.mark.parametrize(
    ("head", "around", "expected"),
    [
        (LOGS + LINE, "LogLine", True),
        (LOGS, "LogRecord", True),
        (LOGS, "LogRecord.connection", True),
        (
            LOGS.replace(CONNECTS, "establish_connection :logs"),
            "LogRecord",
            True,
        ),
        (LOGS.replace(CONNECTS, f"{CONNECTS} if Rails.env.production?"), "LogRecord", False),
        (LOGS.replace("  self.abs", "  primary_abstract_class\n  self.abs"), "LogRecord", False),
        (LOGS, "Other", False),
        (LOGS, "ActiveRecord::Base", False),
        (LOGS, "connection", False),
        (LINE, "LogLine", False),
        ("class LogLine < ApplicationRecord\nend\n", "LogLine", False),
        ("class LogLine < LogLine\nend\n", "LogLine", False),
    ],
)
def test_a_transaction_of_another_connection(head: str, around: str, expected: bool) -> None:
    """It is not one of the migration's."""
    text = head + rails(f"{around}.transaction do\n{CHANGES}end", method="up")
    assert torn(text) is expected
    assert torn(head + rails(CHANGES, method="up"))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("LogLine.update_all(a: other)\nLogLine.update_all(b: other)\n", False),
        ("LogLine.connection.execute 'UPDATE a SET n = 1 + n'\nLogLine.update_all(b: other)\n", False),
        ("Other.update_all(a: other)\nOther.update_all(b: other)\n", False),
        (f"ActiveRecord::Base.transaction do\n{CHANGES}end\n", False),
        (f"LogLine.transaction do\n{CHANGES}end\n", True),
        ("Card.update_all(a: other)\nCard.update_all(b: other)\n", True),
        (f"return if done?\n{CHANGES}", True),
    ],
)
def test_what_the_other_transaction_is_around(lines: str, expected: bool) -> None:
    card = "class Card < ActiveRecord::Base\nend\n"
    text = LOGS + LINE + card + rails(f"LogLine.transaction do\n{lines}end", method="up")
    assert torn(text) is expected


def test_a_transaction_of_a_model_of_the_project() -> None:
    text = body(f"Audit::LogLine.transaction do\n{CHANGES}end", method="up")
    files = {
        "app/models/audit/log_line.rb": "module Audit\n  class LogLine < LogRecord\n  end\nend\n",
        "app/models/log_record.rb": LOGS,
    }
    for known in (files, dict([*files.items()][:1]), {}):
        beside = Files(known)
        steps = read_text(text, "mysql", beside).sections[0].steps
        opened = [step.control for step in steps if step.control is not None]
        assert bool(opened) is (len(known) < 2)
        assert set(beside.relied) == set(known)


def test_in_rails_own_transaction_nothing_changes() -> None:
    lines = f"LogLine.transaction do\n{CHANGES}end"
    assert not said("rails", "postgresql", LOGS + LINE + rails(lines, method="up"), "half-done-possible")
