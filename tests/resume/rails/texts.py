"""Resume migrations of a text, without a database."""

from __future__ import annotations

from collections.abc import Collection

from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.resume.plan import steps
from partway.tools.history import File, Item, Order, Target
from partway.tools.rails.reader import read
from partway.tools.rails.resume import resume, visible
from partway.tools.resuming import Request, Resumed
from partway.tools.setup import Setup

PATH = "db/migrate/20240102000000_case.rb"


def resumed(text: str, dialect: str, applied: Collection[int] = (), order: tuple[str, ...] = ()) -> Resumed:
    """What finishes a migration of which these operations have run, and no other. Raises CannotResume."""
    migration = read(SourceFile(PATH, text), Setup("rails", dialect_named(dialect)))
    operations = next(section.operations for section in migration.sections if section.name == "up")
    pending = set(range(len(operations))) - set(applied)
    planned = steps(
        operations, dialect_named(dialect), lambda fact: visible(dialect, fact), None, applied, pending
    )
    file = File(PATH, text)
    items = (Item("20240102000000", PATH), *(Item(each, f"db/migrate/{each}_next.rb") for each in order))
    return resume(Request(migration, file, *planned, Order(items), {PATH: file}, Target(dialect)))


def case(up: str, head: str = "") -> str:
    """A migration with this body of `up`."""
    lines = "\n".join(f"    {line}" if line else line for line in up.strip("\n").split("\n"))
    return f"class Case < ActiveRecord::Migration[6.1]\n{head}  def up\n{lines}\n  end\nend\n"


def up_of(text: str) -> str:
    """The body of `up`, without what every resume begins with."""
    inside = text.partition("    return if later_migration_ran?\n\n")[2].partition("\n  end\n")[0]
    return "\n".join(line.removeprefix("    ") for line in inside.split("\n"))
