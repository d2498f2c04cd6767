"""Reading of Django's migrations in tests: a project's files in a folder, and one of them read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.core.source import SourceFile
from partway.neighbours import Neighbours
from partway.tools.choice import Choice
from partway.tools.reading import read

FIXTURES = Path(__file__).parent / "fixtures"
HEAD = "from django.db import migrations, models\nfrom django.conf import settings\n\n\n"


def migration(operations: str, *before: str, app: str = "app", more: str = "", head: str = "") -> str:
    """The text of a migration: its operations, and the names of those of its app that it depends on."""
    dependencies = ", ".join(f'("{app}", "{name}")' for name in before)
    return (
        f"{HEAD}{head}class Migration(migrations.Migration):\n    dependencies = [{dependencies}]\n{more}"
        f"    operations = [\n{operations}\n    ]\n"
    )


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write these files below a folder."""
    for path, text in files.items():
        whole = folder / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(text, encoding="utf-8")


def read_in(
    folder: Path,
    path: str,
    dialect: str = "postgresql",
    text: str | None = None,
    beside: Neighbours | None = None,
) -> Migration:
    """One file of the project in this folder; `text` is what an editor holds in its place."""
    said = (folder / path).read_text(encoding="utf-8") if text is None else text
    neighbours = beside or Neighbours(f"{folder}/")
    neighbours.begin()
    return read(SourceFile(path, said), Choice(tool="django", dialect=dialect), None, neighbours)


def read_alone(
    text: str, dialect: str = "postgresql", path: str = "app/migrations/0002_tried.py"
) -> Migration:
    """A text without any files beside it."""
    return read(SourceFile(path, text), Choice(tool="django", dialect=dialect))


def up(found: Migration) -> list[tuple[str, str]]:
    """Kind and target of each operation on the way up."""
    return brief(found.sections[0].operations)


def down(found: Migration) -> list[tuple[str, str]]:
    """Kind and target of each operation on the way back."""
    return brief(found.sections[1].operations)


def brief(operations: tuple[Operation, ...]) -> list[tuple[str, str]]:
    """Kind and target of each operation."""
    return [(one.kind, one.target) for one in operations]
