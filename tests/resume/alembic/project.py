"""A project of Alembic's on disk with models, and Alembic's and Partway's own commands on it."""

from __future__ import annotations

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import alembic
from alembic import command
from alembic.config import Config

from partway.cli.main import main as partway
from tests.engines.lab import Lab
from tests.resume.alembic.case import BASE_FILE, FAILED_FILE, STOPPING, Case

ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config


def run_migrations_offline():
    context.configure(
        url=config.get_main_option("sqlalchemy.url"), target_metadata=metadata, literal_binds=True
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = engine_from_config(config.get_section(config.config_ini_section, {}), poolclass=pool.NullPool)
    if connectable.dialect.name == "postgresql":
        connectable = connectable.execution_options(isolation_level="AUTOCOMMIT")
    event.listen(connectable, "after_cursor_execute", stop_by_wish)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"""

#: The models that the base and the case "roles" make.
MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
users = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(40)),
    sa.Column("email", sa.String(40)),
    sa.Column("age", sa.Integer()),
    sa.Column("org_id", sa.Integer()),
    sa.Column("role_id", sa.Integer(), index=True),
    sa.Index("by_name", "name"),
)
posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.String(40)),
    sa.Column("user_id", sa.Integer()),
)
things = sa.Table(
    "old_things",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("label", sa.String(40)),
    sa.UniqueConstraint("label", name="uq_label"),
)
roles = sa.Table(
    "roles",
    metadata,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(9)),
    sa.Column("size", sa.Integer(), server_default="1", nullable=False),
)
"""
_DRIVERS = {"postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql", "mysql": "mysql+pymysql"}


class Project:
    """Its folder, and commands in it."""

    def __init__(self, folder: Path, lab: Lab, case: Case) -> None:
        self.folder = folder
        self.lab = lab
        self.versions = folder / "versions"
        self.versions.mkdir(parents=True)
        (folder / ".git").mkdir()
        for name in (BASE_FILE, FAILED_FILE):
            (self.versions / name).write_text(case.project(lab.name).files[name])
        (folder / "env.py").write_text(STOPPING + MODELS + ENV)
        (folder / "script.py.mako").write_text(_template())
        scheme, rest = lab.url.split(":", 1)
        self.url = f"{_DRIVERS.get(lab.dialect, scheme)}:{rest}"

    def alembic(self, name: str, *arguments: Any, fails: bool = False, **more: Any) -> str:
        """What a command of Alembic's says, or the error that it ends with."""
        said = io.StringIO()
        config = Config(stdout=said, output_buffer=said)
        config.set_main_option("script_location", str(self.folder))
        config.set_main_option("sqlalchemy.url", self.url)
        # Python takes compiled code for that of a file changed to the same size within one second, as tests do.
        shutil.rmtree(self.versions / "__pycache__", ignore_errors=True)
        try:
            getattr(command, name)(config, *arguments, **more)
        except Exception as error:
            if not fails:
                raise
            return f"{said.getvalue()}{type(error).__name__}: {error}"
        assert not fails, said.getvalue()
        return said.getvalue()

    def resume(self, *arguments: str, fails: bool = False) -> str:
        """What `partway resume` says of the failed revision."""
        said = io.StringIO()
        file = str(self.versions / FAILED_FILE)
        with redirect_stdout(said), redirect_stderr(said):
            code = partway(["resume", file, "--database", self.lab.url, *arguments])
        assert bool(code) == fails, said.getvalue()
        return said.getvalue()

    def stop(self, after: int | None) -> None:
        """Let the next run stop behind so many statements, or none."""
        (self.folder / "count").unlink(missing_ok=True)
        (self.folder / "stop").unlink(missing_ok=True)
        if after is not None:
            (self.folder / "stop").write_text(f'{{"after": {after}, "how": "raise"}}')

    def resume_file(self) -> Path:
        """The resume's file."""
        (found,) = [path for path in self.versions.glob("*.py") if '\n"""finish' in f"\n{path.read_text()}"]
        return found


def _template() -> str:
    return (Path(alembic.__file__).parent / "templates" / "generic" / "script.py.mako").read_text()
