"""Rails, Django and Alembic as their commands run them: whole projects whose migrations run SQL."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.engines.process import Unavailable
from tests.history.tools import Migrations, Ran, Tool

HERE = Path(__file__).parent


def statements(text: str) -> list[str]:
    """The statements of a migration."""
    return [statement.strip() for statement in text.split(";\n") if statement.strip()]


class Rails(Tool):
    """ActiveRecord's migrations, run as `rails db:migrate` runs them; `rails runner` by its Ruby alone."""

    name = "rails"

    @classmethod
    def provided(cls) -> tuple[Path, str]:
        ruby = shutil.which("ruby")
        if not ruby:
            raise Unavailable("there is no ruby")
        return Path(ruby), "6.1"

    def files(self, migrations: Migrations) -> dict[str, str]:
        found = {}
        for number, text in migrations.texts.items():
            lines = [f"    execute {statement!r}" for statement in statements(text)]
            optout = ["  disable_ddl_transaction!"] if number in migrations.alone else []
            head = [f"class Step{number} < ActiveRecord::Migration[6.1]", *optout, "  def up"]
            name = f"db/migrate/202401010000{number:02}_step{number}.rb"
            found[name] = "\n".join([*head, *lines, "  end", "end", ""])
        return found

    def _ruby(self, *words: str) -> list[str]:
        url = self.by_dialect(
            "postgresql://{user}@{host}:{port}/{database}",
            "mysql2://{user}@{host}:{port}/{database}",
            "sqlite3:{path}",
        )
        return [str(self.program), str(HERE / "rails.rb"), url, *words]

    def words(self) -> list[str]:
        return self._ruby()

    def mark(self, command: Sequence[str]) -> Ran:
        assert command[:2] == ("bin/rails", "runner")
        return self.run(self._ruby(command[2]))


_SETTINGS = """\
import pymysql

pymysql.install_as_MySQLdb()
DATABASES = {"default": DATABASE}
INSTALLED_APPS = ["app"]
USE_TZ = True
SECRET_KEY = "none"
"""
_MANAGE = """\
import os
import sys

from django.core.management import execute_from_command_line

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
execute_from_command_line(sys.argv)
"""


class Django(Tool):
    """`manage.py migrate`, over one app."""

    name = "django"

    @classmethod
    def provided(cls) -> tuple[Path, str]:
        return Path(sys.executable), version("django")

    def files(self, migrations: Migrations) -> dict[str, str]:
        found = {"manage.py": _MANAGE, "app/__init__.py": "", "app/migrations/__init__.py": ""}
        found["settings.py"] = _SETTINGS.replace("DATABASE}", f"{self._database()!r}}}")
        before: list[tuple[str, str]] = []
        for number, text in migrations.texts.items():
            lines = [
                "from django.db import migrations",
                "",
                "",
                "class Migration(migrations.Migration):",
                *(["    atomic = False"] if number in migrations.alone else []),
                f"    dependencies = {before!r}",
                f"    operations = [migrations.RunSQL(sql) for sql in {statements(text)!r}]",
                "",
            ]
            found[f"app/migrations/{number:04}_step.py"] = "\n".join(lines)
            before = [("app", f"{number:04}_step")]
        return found

    def _database(self) -> dict[str, object]:
        if self.lab.dialect == "sqlite":
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(self.path)}
        engine = "postgresql" if self.lab.dialect == "postgresql" else "mysql"
        return {
            "ENGINE": f"django.db.backends.{engine}",
            "NAME": self.database,
            "HOST": self.address.host,
            "PORT": self.address.port,
            "USER": self.address.user,
        }

    def words(self) -> list[str]:
        return [str(self.program), "manage.py", "migrate", "--skip-checks"]

    def mark(self, command: Sequence[str]) -> Ran:
        return self.run([str(self.program), *command[1:], "--skip-checks"])


_ENV = """\
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True, OPTIONS)
    with context.begin_transaction():
        context.run_migrations()
"""


class Alembic(Tool):
    """`alembic upgrade head`."""

    name = "alembic"

    @classmethod
    def provided(cls) -> tuple[Path, str]:
        return Path(sys.executable), version("alembic")

    def files(self, migrations: Migrations) -> dict[str, str]:
        found = {"env.py": _ENV.replace("OPTIONS", self.options())}
        found["alembic.ini"] = f"[alembic]\nscript_location = .\nsqlalchemy.url = {self._url()}\n"
        before = None
        for number, text in migrations.texts.items():
            lines = [
                "from alembic import op",
                "",
                f'revision = "r{number}"',
                f"down_revision = {before!r}",
                "",
                "",
                "def upgrade():",
                *(f"    op.execute({statement!r})" for statement in statements(text)),
                "",
            ]
            found[f"versions/{number:02}_step.py"] = "\n".join(lines)
            before = f"r{number}"
        return found

    def options(self) -> str:
        """What env.py gives `context.configure`, from the settings that Partway is told."""
        given: Mapping[str, str] = {
            name.removeprefix("alembic."): value for name, value in self.settings.items()
        }
        return ", ".join(f"{name}={value!r}" for name, value in given.items())

    def _url(self) -> str:
        return self.by_dialect(
            "postgresql+psycopg://{user}@{host}:{port}/{database}",
            "mysql+pymysql://{user}@{host}:{port}/{database}",
            "sqlite:///{path}",
        )

    def words(self) -> list[str]:
        return [str(self.program), "-m", "alembic", "upgrade", "head"]

    def mark(self, command: Sequence[str]) -> Ran:
        return self.run([str(self.program), "-m", *command])
