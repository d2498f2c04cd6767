"""Django: migrations of one app, run by `manage.py migrate`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.runners.runner import Project, Runner

COMMAND = (sys.executable, "-m", "tests.runners.django.worker")
HOW_TO_ENABLE = "pip install 'Django>=5.2,<5.3' 'psycopg[binary]' PyMySQL"


@dataclass(frozen=True, kw_only=True)
class DjangoProject(Project):
    """`files` lie in the app's migrations folder: "0001_initial.py"."""

    # The app's label and package.
    app: str = "app"
    # The text of its models.py; migrations run without it.
    models: str = ""
    # Migrations of further apps of the project, by label.
    other_apps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Apps that Django brings, before those of the project: "django.contrib.auth".
    installed: tuple[str, ...] = ()
    # More settings, as {"AUTH_USER_MODEL": "app.User"}.
    settings: Mapping[str, object] = field(default_factory=dict)


class DjangoRunner(Runner[DjangoProject]):
    """`up` also runs what the migration depends on, `down` also takes back what depends on it."""

    tool = "django"
    own_tables = frozenset({"django_migrations", "django_content_type", "auth_permission"})

    def write(self, project: DjangoProject, folder: Path) -> None:
        for app, files in {**project.other_apps, project.app: project.files}.items():
            package = folder / app
            (package / "migrations").mkdir(parents=True)
            (package / "__init__.py").touch()
            (package / "migrations" / "__init__.py").touch()
            for name, text in files.items():
                (package / "migrations" / name).write_text(text)
        (folder / project.app / "models.py").write_text(project.models)

    def opening(self, project: DjangoProject) -> dict[str, object]:
        apps = [*project.installed, *project.other_apps, project.app]
        return {"app": project.app, "settings": {"INSTALLED_APPS": apps, **project.settings}}

    def manage(self, *words: str) -> tuple[str, str]:
        """A command of manage.py: its error, empty where it succeeded, and what it printed."""
        conversation = self._conversation or self._open()
        answer = conversation.ask("manage", words=words)
        return str(answer["error"]), str(answer["out"])

    def history(self) -> list[str]:
        done = self.lab.rows(f"SELECT name FROM django_migrations WHERE app = '{self.project.app}'")
        return sorted(f"{name}.py" for (name,) in done if f"{name}.py" in self.project.files)


def migration(lines: str, *before: str, atomic: bool = True, more: str = "") -> str:
    """The text of a migration of the app `app`: `lines` are its operations, `before` the names it depends on."""
    dependencies = [("app", name) for name in before]
    opt_out = "" if atomic else "    atomic = False\n"
    return (
        "from django.contrib.postgres import operations as postgres\n"
        "from django.db import migrations, models\nfrom django.db.models import F, Q\n\n"
        f"{more}\n\nclass Migration(migrations.Migration):\n{opt_out}    dependencies = {dependencies!r}\n"
        f"    operations = [\n{lines}\n    ]\n"
    )
