"""Django's worker: forks a process per project, which runs `migrate`. See `tests.runners.worker`."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Callable
from typing import Any

import django
import pymysql
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tests.runners.serving import Fault, Service, serve

# Loaded now, so that each forked process has them.
BEFOREHAND = (
    "django.db.models",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.contrib.postgres.operations",
    "django.core.management.sql",
)

LOCK_SECONDS = 10  # a migration that waits for itself must end

ENGINES = {
    "postgresql": ("django.db.backends.postgresql", {"options": f"-c lock_timeout={LOCK_SECONDS}s"}),
    "mysql": ("django.db.backends.mysql", {"init_command": f"SET lock_wait_timeout = {LOCK_SECONDS}"}),
    "sqlite": ("django.db.backends.sqlite3", {"timeout": 2}),
}


class DjangoService(Service):
    """One project with one app under test."""

    _fault: Fault | None = None

    def open(self, request: dict[str, Any]) -> None:
        self._app: str = request["app"]
        database = request["database"]
        engine, options = ENGINES[database["dialect"]]
        found = {
            "ENGINE": engine,
            "NAME": database["name"],
            "USER": database.get("user", ""),
            "PASSWORD": database.get("password", ""),
            "HOST": database.get("host", ""),
            "PORT": database.get("port", ""),
            "OPTIONS": options,
        }
        # As `django-admin startproject` writes them.
        standard = {
            "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
            "USE_TZ": True,
            "SECRET_KEY": "none",
        }
        settings.configure(DATABASES={"default": found}, **{**standard, **request["settings"]})
        sys.path.insert(0, request["folder"])
        django.setup()
        connection.execute_wrappers.append(self._note)
        MigrationRecorder(connection).ensure_schema()

    def _note(
        self, execute: Callable[..., object], sql: object, parameters: object, many: bool, context: object
    ) -> object:
        self.statements.append(str(sql))
        result = execute(sql, parameters, many, context)
        if self._fault is not None and changes(str(sql)):
            self._fault.statement_done()
        return result

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["request"] != "manage":
            return super().answer(request)
        out = io.StringIO()
        try:
            call_command(*request["words"], stdout=out, stderr=out)
        except (Exception, SystemExit) as raised:  # noqa: BLE001 # a command may raise anything
            return {"error": f"{type(raised).__name__}: {raised}", "out": out.getvalue()}
        return {"error": "", "out": out.getvalue()}

    def up(self, name: str, fault: Fault) -> None:
        self._migrate(fault, self._app, name.removesuffix(".py"))

    def down(self, name: str, fault: Fault) -> None:
        migration = MigrationLoader(connection).get_migration(self._app, name.removesuffix(".py"))
        before = [parent for app, parent in migration.dependencies if app == self._app]
        self._migrate(fault, self._app, before[0] if before else "zero")

    def migrate(self, fault: Fault) -> None:
        self._migrate(fault)

    def mark(self, name: str, applied: bool) -> None:
        recorder = MigrationRecorder(connection)
        record = recorder.record_applied if applied else recorder.record_unapplied
        record(self._app, name.removesuffix(".py"))

    def _migrate(self, fault: Fault, *target: str) -> None:
        """Run the command itself, over migrations whose operations count as they are done."""
        found_by = migrate.MigrationExecutor

        def counted(*arguments: Any) -> Any:
            executor = found_by(*arguments)
            for (app, _), migration in executor.loader.disk_migrations.items():
                if app == self._app:
                    for operation in migration.operations:
                        _count(operation, fault)
            return executor

        migrate.MigrationExecutor = counted
        self._fault = fault
        try:
            call_command("migrate", *target, verbosity=0, interactive=False, skip_checks=True)
        finally:
            migrate.MigrationExecutor = found_by
            self._fault = None


def changes(sql: str) -> bool:
    """Whether a statement changes something, Django's own books aside."""
    words = sql.removeprefix("SET CONSTRAINTS ").lstrip(" (").split()
    first = next((word for word in words if word.upper() in _CHANGING or word.upper() == "SELECT"), "SELECT")
    return first.upper() != "SELECT" and "django_migrations" not in sql


_CHANGING = frozenset(["ALTER", "CREATE", "DROP", "RENAME", "COMMENT", "INSERT", "UPDATE", "DELETE"])


def _count(operation: Any, fault: Fault) -> None:
    for direction in ("database_forwards", "database_backwards"):
        work = getattr(operation, direction)

        def counted(*arguments: Any, _work: Callable[..., None] = work, **more: Any) -> None:
            _work(*arguments, **more)
            fault.operation_done()

        setattr(operation, direction, counted)


if __name__ == "__main__":
    pymysql.install_as_MySQLdb()
    for module in (*BEFOREHAND, "django.db.backends.mysql.base"):
        importlib.import_module(module)
    serve(django.get_version(), DjangoService)
