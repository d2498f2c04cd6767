"""A model with a connection of its own is not in the transaction that Rails has opened around the migration."""

from __future__ import annotations

import pytest

from tests.runners.plugin import Runners
from tests.runners.rails.runner import RailsProject, migration

RECORDS = """
class LogRecord < ActiveRecord::Base
  self.abstract_class = true
end

class LogLine < LogRecord
end
"""
CONNECTED = "LogRecord.establish_connection(ActiveRecord::Base.connection_db_config.configuration_hash)\n"


@pytest.mark.parametrize(("lines", "fine"), [(CONNECTED, True), ("", False)])
def test_what_is_refused_in_a_transaction(runners: Runners, lines: str, fine: bool) -> None:
    rails = runners.rails("postgresql15")
    tried = migration("1_tried", f"{lines}LogLine.connection.execute 'VACUUM'")
    rails.load(RailsProject(files=dict([tried]), initializer=RECORDS))
    done = rails.up("1_tried.rb")
    assert done.ok is fine, done.error


def test_what_is_not_rolled_back(runners: Runners) -> None:
    rails = runners.rails("postgresql15")
    kept, lost = (f"execute 'CREATE TABLE {name} (id int)'\n" for name in ("kept", "lost"))
    lines = f"{CONNECTED}LogLine.connection.{kept}{lost}raise 'x'"
    rails.load(RailsProject(files=dict([migration("1_tried", lines)]), initializer=RECORDS))
    assert not rails.up("1_tried.rb").ok
    assert rails.lab.rows("SELECT relname FROM pg_class WHERE relname IN ('kept', 'lost')") == [("kept",)]


@pytest.mark.parametrize("engine", ["postgresql15", "mariadb"])
@pytest.mark.parametrize(
    ("lines", "around", "kept"),
    [
        (CONNECTED, "LogLine", ["own"]),
        (CONNECTED, "ApplicationRecord", ["other"]),
        ("", "LogLine", []),
    ],
)
def test_whose_transaction_it_is(
    runners: Runners, engine: str, lines: str, around: str, kept: list[str]
) -> None:
    """A transaction of a model's connection protects nothing that goes to the migration's own."""
    rails = runners.rails(engine)
    own, other = (f"execute \"INSERT INTO found VALUES ('{name}')\"\n" for name in ("own", "other"))
    base = migration("1_base", "execute 'CREATE TABLE found (name varchar(9))'")
    tried = migration(
        "2_tried", f"{lines}{around}.transaction do\n{own}LogLine.connection.{other}raise 'x'\nend"
    )
    text = tried[1].replace("  def up", "  disable_ddl_transaction!\n\n  def up")
    application = "class ApplicationRecord < ActiveRecord::Base\n  self.abstract_class = true\nend\n"
    rails.load(RailsProject(files=dict([base, (tried[0], text)]), initializer=f"{application}{RECORDS}"))
    assert rails.up("1_base.rb").ok
    assert not rails.up("2_tried.rb").ok
    assert [name for (name,) in rails.lab.rows("SELECT name FROM found")] == kept
