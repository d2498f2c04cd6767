"""Alembic: revisions, run by `alembic upgrade`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.runners.runner import Project, Runner

COMMAND = (sys.executable, "-m", "tests.runners.alembic.worker")
HOW_TO_ENABLE = "pip install 'alembic>=1.16' 'psycopg[binary]' PyMySQL"

# As the template of `alembic init` has it, but for what the project asks for.
ENV = """\
from sqlalchemy import MetaData, engine_from_config, pool

from alembic import context

config = context.config
target_metadata = MetaData({metadata})
connectable = engine_from_config(
    config.get_section(config.config_ini_section, {{}}), prefix="sqlalchemy.", poolclass=pool.NullPool
)
with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata{options})
    with context.begin_transaction():
        context.run_migrations()
"""


@dataclass(frozen=True, kw_only=True)
class AlembicProject(Project):
    """`files` lie in the versions folder: "1a2b_add_email.py"."""

    # Keywords for `context.configure`: {"transaction_per_migration": True}.
    options: Mapping[str, object] = field(default_factory=dict)
    # For the target's MetaData: {"uq": "uq_%(table_name)s_%(column_0_name)s"}.
    naming_convention: Mapping[str, str] = field(default_factory=dict)
    # An env.py of its own in place of the usual one; it finds `sqlalchemy.url` in the configuration.
    env: str = ""

    def env_text(self) -> str:
        """The text of env.py."""
        convention = f"naming_convention={dict(self.naming_convention)!r}" if self.naming_convention else ""
        options = "".join(f", {name}={value!r}" for name, value in self.options.items())
        return self.env or ENV.format(metadata=convention, options=options)


class AlembicRunner(Runner[AlembicProject]):
    """`up` also runs the revisions before it, in one go, as `alembic upgrade` does."""

    tool = "alembic"
    own_tables = frozenset({"alembic_version"})

    def write(self, project: AlembicProject, folder: Path) -> None:
        versions = folder / "versions"
        versions.mkdir()
        (folder / "env.py").write_text(project.env_text())
        for name, text in project.files.items():
            (versions / name).write_text(text)

    def opening(self, project: AlembicProject) -> dict[str, object]:  # noqa: ARG002 # all is in its files
        return {}

    def history(self) -> list[str]:
        revisions = dict(revision_of(name, text) for name, text in self.project.files.items())
        pending = [str(version) for (version,) in self.lab.rows("SELECT version_num FROM alembic_version")]
        done: set[str] = set()
        while pending:
            name, before = revisions.get(pending.pop(), ("", ()))
            done.add(name)
            pending += before
        return sorted(done - {""})


def revision_of(name: str, text: str) -> tuple[str, tuple[str, tuple[str, ...]]]:
    """The revision's identity, the name of its file and the identities of those before it."""
    found: dict[str, object] = {}
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return "", (name, ())
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target, value = node.targets[0].id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            target, value = node.target.id, node.value
        else:
            continue
        if target in {"revision", "down_revision"}:
            found[target] = ast.literal_eval(value)
    before = found.get("down_revision") or ()
    parents = (
        (before,) if isinstance(before, str) else tuple(before) if isinstance(before, tuple | list) else ()
    )
    return str(found.get("revision")), (name, parents)


def revision(name: str, before: str | None, lines: str, down: str = "pass") -> str:
    """The text of a revision with these lines, which are not indented."""

    def indented(text: str) -> str:
        return "".join(f"    {line}\n" for line in text.strip().splitlines())

    return (
        f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = {name!r}\ndown_revision = {before!r}\n\n\n"
        f"def upgrade():\n{indented(lines)}\n\ndef downgrade():\n{indented(down)}"
    )
