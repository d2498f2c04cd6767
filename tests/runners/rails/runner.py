"""Rails: migrations of ActiveRecord, run as `rails db:migrate:up VERSION=...` runs them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.runners.runner import Project, Runner

COMMAND = ("ruby", str(Path(__file__).with_name("worker.rb")))
HOW_TO_ENABLE = "apt-get install ruby ruby-activerecord ruby-pg ruby-mysql2 ruby-sqlite3"


@dataclass(frozen=True, kw_only=True)
class RailsProject(Project):
    """`files` lie in db/migrate: "20240102030405_add_email.rb" holds the class AddEmail."""

    # Ruby that is loaded before any migration.
    initializer: str = ""


class RailsRunner(Runner[RailsProject]):
    """`up` runs that migration alone, whether or not earlier ones have run."""

    tool = "rails"
    own_tables = frozenset({"schema_migrations", "ar_internal_metadata"})

    def write(self, project: RailsProject, folder: Path) -> None:
        (folder / "db" / "migrate").mkdir(parents=True)
        for name, text in project.files.items():
            assert re.fullmatch(r"\d+_[a-z0-9_]+(\.[a-z0-9_]+)?\.rb", name), f"Rails would not see {name}"
            (folder / "db" / "migrate" / name).write_text(text)

    def opening(self, project: RailsProject) -> dict[str, object]:
        return {"initializer": project.initializer}

    def schema_file(self) -> str:
        """What `rails db:schema:dump` writes, but for the version of the last migration."""
        conversation = self._conversation or self._open()
        text = str(conversation.ask("schema")["schema"])
        return re.sub(r"Schema\.define\(version: \w+\)", "Schema.define", text)

    def history(self) -> list[str]:
        done = {str(version) for (version,) in self.lab.rows("SELECT version FROM schema_migrations")}
        return sorted(name for name in self.project.files if str(int(name.partition("_")[0])) in done)


def migration(name: str, lines: str, method: str = "up") -> tuple[str, str]:
    """The file's name and text of a migration whose one method is these lines: "2_add_email" holds AddEmail."""
    words = name.partition("_")[2].split("_")
    constant = "".join(word.capitalize() for word in words)
    text = f"class {constant} < ActiveRecord::Migration[6.1]\n  def {method}\n{lines}\n  end\nend\n"
    return f"{name}.rb", text
