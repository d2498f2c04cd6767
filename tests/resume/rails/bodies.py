"""What the bodies of migrations under test are made of."""

from __future__ import annotations

from typing import NamedTuple

POSTGRESQL = ("postgresql18",)
SERVERS = ("postgresql18", "mariadb")
ALL = ("postgresql18", "mariadb", "sqlite")


class Case(NamedTuple):
    """The body of the class, and the engines that it is for."""

    body: str
    engines: tuple[str, ...] = ALL


def change(lines: str) -> str:
    """A class's body of one method `change`."""
    return "  def change\n" + "".join(f"    {line}\n" for line in lines.strip().split("\n")) + "  end\n"


def up(lines: str, down: str = "raise ActiveRecord::IrreversibleMigration") -> str:
    """A class's body of `up` and `down`."""
    inside = change(lines).replace("def change", "def up")
    return inside + "\n" + change(down).replace("def change", "def down")
