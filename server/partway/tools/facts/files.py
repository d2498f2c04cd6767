"""What a project's own files say about its database and its tools: which of them are looked at, and what reads each.

They are scanned as text, never executed. What reads a kind of file is loaded when the first such file is met.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, cast

from partway.tools.facts.found import Facts

#: Of each file so many bytes are looked at.
LIMIT = 128 * 1024


class Scan(NamedTuple):
    """What reads one kind of file: a function in a module beside this one."""

    module: str
    function: str

    def __call__(self, text: str, facts: Facts) -> None:
        """Add to the facts what a file with this text says."""
        function = getattr(import_module(f"partway.tools.facts.{self.module}"), self.function)
        cast(Callable[[str, Facts], None], function)(text, facts)


_COMPOSE = Scan("servers", "compose")
_ENVIRONMENT = Scan("servers", "environment")
_SPRING = Scan("flyway", "spring")
_DRIZZLE = Scan("tools", "drizzle")
_JVM = Scan("dependencies", "jvm")
_REQUIREMENTS = Scan("python", "requirements")
_LOCK = Scan("python", "lock")
SQLX_CACHE = Scan("tools", "sqlx_cache")
_EXAMPLES = (
    ".yml.example",
    ".yml.sample",
    ".yml.dist",
    ".yml.template",
    ".example",
    ".sample.yml",
    ".example.yml",
)
#: Files by their names, with what reads them.
SCANS: dict[str, Scan] = {
    "flyway.conf": Scan("flyway", "flyway"), "flyway.toml": Scan("flyway", "flyway"),
    "application.properties": _SPRING, "application.yml": _SPRING, "application.yaml": _SPRING,
    "compose.yml": _COMPOSE, "compose.yaml": _COMPOSE, "docker-compose.yml": _COMPOSE,
    "docker-compose.yaml": _COMPOSE, "docker-compose.dev.yml": _COMPOSE,
    ".env": _ENVIRONMENT, ".env.example": _ENVIRONMENT, ".env.sample": _ENVIRONMENT, ".envrc": _ENVIRONMENT,
    "Makefile": _ENVIRONMENT, "makefile": _ENVIRONMENT,
    "schema.prisma": Scan("tools", "prisma"), "migration_lock.toml": Scan("tools", "prisma_lock"),
    "drizzle.config.ts": _DRIZZLE, "drizzle.config.js": _DRIZZLE, "drizzle.config.json": _DRIZZLE,
    "metadata.toml": Scan("tools", "diesel_metadata"), "sqlx-data.json": SQLX_CACHE,
    "sqlx.toml": Scan("tracking", "sqlx"),
    "alembic.ini": Scan("alembic", "alembic_ini"), "env.py": Scan("alembic", "env_py"),
    "go.mod": Scan("dependencies", "go_mod"), "package.json": Scan("dependencies", "package_json"),
    "Cargo.toml": Scan("dependencies", "cargo"), "pom.xml": _JVM, "build.gradle": _JVM, "build.gradle.kts": _JVM,
    "Gemfile": Scan("rails", "gemfile"), "Gemfile.lock": Scan("rails", "gemfile_lock"),
    **dict.fromkeys(("requirements.txt", "requirements.in", "pyproject.toml", "Pipfile"), _REQUIREMENTS),
    "test-requirements.txt": Scan("python", "requirements_of_tests"),
    "setup.cfg": _REQUIREMENTS, "setup.py": _REQUIREMENTS, "uv.lock": _LOCK, "poetry.lock": _LOCK,
    "config.py": Scan("python", "flask"),
}  # fmt: skip
#: Files in folders below an ancestor of the migrations: the folder, and the names of which the first one there is read.
BELOW: tuple[tuple[str, tuple[str, ...], Scan], ...] = (
    (
        "config",
        # The first is mostly a developer's own; the others are kept in the repository in its place.
        ("database.yml", *(f"database{end}" for end in _EXAMPLES)),
        Scan("rails", "database_yml"),
    ),
    ("config", ("application.rb",), Scan("tracking", "rails")),
    ("db", ("schema.rb",), Scan("rails", "schema_rb")),
    ("db", ("structure.sql",), Scan("rails", "structure_sql")),
    ("supabase", ("config.toml",), Scan("tools", "supabase")),
    ("prisma", ("schema.prisma",), Scan("tools", "prisma")),
    ("meta", ("_journal.json",), _DRIZZLE),
    *(
        ("requirements", (f"{name}.in", f"{name}.txt"), _REQUIREMENTS)
        for name in ("base", "common", "main", "pip", "production", "prod", "deploy", "requirements")
    ),
    *(
        (folder, (f"{name}.{suffix}",), _COMPOSE)
        for folder in (".devcontainer", "deploy", "deployments", "dev", "docker")
        for name in ("compose", "docker-compose")
        for suffix in ("yml", "yaml")
    ),
)
