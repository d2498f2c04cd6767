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
DJANGO = Scan("frameworks", "django")
SQLX_CACHE = Scan("tools", "sqlx_cache")
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
    "alembic.ini": Scan("frameworks", "alembic"),
    "go.mod": Scan("dependencies", "go_mod"), "package.json": Scan("dependencies", "package_json"),
    "Cargo.toml": Scan("dependencies", "cargo"), "pom.xml": _JVM, "build.gradle": _JVM, "build.gradle.kts": _JVM,
    "Gemfile": Scan("dependencies", "gems"),
}  # fmt: skip
#: Files in folders below an ancestor of the migrations: (folder, name).
BELOW: dict[tuple[str, str], Scan] = {
    ("config", "database.yml"): Scan("frameworks", "rails"),
    ("supabase", "config.toml"): Scan("tools", "supabase"),
    ("prisma", "schema.prisma"): Scan("tools", "prisma"),
    ("meta", "_journal.json"): _DRIZZLE,
    **{
        (folder, f"{name}.{suffix}"): _COMPOSE
        for folder in (".devcontainer", "deploy", "deployments", "dev", "docker")
        for name in ("compose", "docker-compose")
        for suffix in ("yml", "yaml")
    },
}
