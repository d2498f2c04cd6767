"""Rails's migrations as the tests read them, and what is said of them in short."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.tools.rails.reader import read
from partway.tools.setup import Setup

FIXTURES = sorted(Path(__file__).with_name("fixtures").glob("*.rb"))
DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite")


class Files:
    """The project's other files, by path."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._files = files
        self.memory: dict[object, object] = {}
        self.relied: list[str] = []

    def names(self, folder: str) -> dict[str, bool]:
        """The names in a folder."""
        start = f"{folder}/" if folder else ""
        below = [path.removeprefix(start) for path in self._files if path.startswith(start)]
        return {path.partition("/")[0]: "/" in path for path in below}

    def text(self, path: str) -> str:
        """A file's text."""
        return self._files.get(path, "")

    def rely(self, path: str) -> None:
        """Remember what was relied on."""
        self.relied.append(path)


def read_text(text: str, dialect: str = "postgresql", beside: Files | None = None) -> Migration:
    """The migration with this text."""
    setup = Setup("rails", dialect_named(dialect), beside=beside)
    return read(SourceFile("db/migrate/20240101000000_tried.rb", text), setup)


def body(lines: str, method: str = "change", version: str = "7.1") -> str:
    """A migration of one method."""
    return f"class Tried < ActiveRecord::Migration[{version}]\n  def {method}\n{lines}\n  end\nend\n"


def up(
    lines: str, dialect: str = "postgresql", version: str = "7.1", beside: Files | None = None
) -> list[Operation]:
    """The operations on the way up."""
    return list(read_text(body(lines, version=version), dialect, beside).sections[0].operations)


def down(lines: str, dialect: str = "postgresql", version: str = "7.1") -> list[Operation]:
    """The operations on the way back."""
    return list(read_text(body(lines, version=version), dialect).sections[1].operations)


def said(operations: list[Operation]) -> list[str]:
    """Kind and target of each."""
    return [f"{operation.kind} {operation.target}" for operation in operations]
