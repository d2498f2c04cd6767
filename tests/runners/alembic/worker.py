"""Alembic's worker: forks a process per project, which runs `upgrade` and `downgrade`. See `tests.runners.worker`."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alembic
from alembic import command
from alembic.config import Config
from alembic.operations.base import AbstractOperations, BatchOperations
from alembic.operations.batch import BatchOperationsImpl
from alembic.operations.ops import MigrateOperation
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from tests.runners.serving import Fault, Service, serve

# Loaded now, so that each forked process has them.
BEFOREHAND = (
    "psycopg",
    "pymysql",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.mysql.pymysql",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "mako.template",
)

LOCK_SECONDS = 10  # a migration that waits for itself must end

DRIVERS: dict[str, tuple[str, dict[str, str]]] = {
    "postgresql": ("postgresql+psycopg", {"options": f"-c lock_timeout={LOCK_SECONDS}s"}),
    "mysql": ("mysql+pymysql", {"init_command": f"SET lock_wait_timeout = {LOCK_SECONDS}"}),
    "sqlite": ("sqlite", {}),
}


class AlembicService(Service):
    """One folder of revisions."""

    def __init__(self) -> None:
        super().__init__()
        self._fault = Fault(None)
        self._count_operations()
        event.listen(Engine, "before_cursor_execute", self._note)
        for word in ("begin", "commit", "rollback"):
            event.listen(Engine, word, lambda *_, word=word: self.statements.append(word.upper()))

    def _note(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.statements.append(statement)

    def _count_operations(self) -> None:
        """Count what passes through `op`; what a batch collects counts once, when it is done."""
        service, invoke, flush = self, AbstractOperations.invoke, BatchOperationsImpl.flush

        def counted(operations: AbstractOperations, operation: MigrateOperation) -> Any:
            done = invoke(operations, operation)
            if not isinstance(operations, BatchOperations):
                service._fault.operation_done()
            return done

        def flushed(self: BatchOperationsImpl) -> None:
            flush(self)
            service._fault.operation_done()

        AbstractOperations.invoke = counted  # type: ignore[method-assign,assignment]  # takes the place of Alembic's own
        BatchOperationsImpl.flush = flushed  # type: ignore[method-assign]  # takes the place of Alembic's own

    def open(self, request: dict[str, Any]) -> None:
        self._folder = Path(request["folder"])
        database = request["database"]
        driver, query = DRIVERS[database["dialect"]]
        url: URL = make_url(database["url"]).set(drivername=driver).update_query_dict(query)
        self._config = Config(self._folder / "alembic.ini")
        self._config.set_main_option("script_location", str(self._folder).replace("%", "%%"))
        self._config.set_main_option(
            "sqlalchemy.url", url.render_as_string(hide_password=False).replace("%", "%%")
        )
        with create_engine(url, poolclass=NullPool).begin() as connection:
            MigrationContext.configure(connection)._ensure_version_table()

    def _script(self, name: str) -> Script:
        scripts = ScriptDirectory.from_config(self._config)
        return next(script for script in scripts.walk_revisions() if Path(script.path).name == name)

    def up(self, name: str, fault: Fault) -> None:
        revision = self._script(name).revision
        self._counting(fault, lambda: command.upgrade(self._config, revision))

    def down(self, name: str, fault: Fault) -> None:
        before = _before(self._script(name))
        self._counting(fault, lambda: command.downgrade(self._config, before[0] if before else "base"))

    def migrate(self, fault: Fault) -> None:
        self._counting(fault, lambda: command.upgrade(self._config, "head"))

    def mark(self, name: str, applied: bool) -> None:
        script = self._script(name)
        command.stamp(
            self._config, [script.revision] if applied else [*_before(script)] or "base", purge=True
        )

    def _counting(self, fault: Fault, work: Callable[[], None]) -> None:
        self._fault = fault
        try:
            work()
        finally:
            self._fault = Fault(None)


def _before(script: Script) -> tuple[str, ...]:
    found = script.down_revision
    return () if found is None else (found,) if isinstance(found, str) else tuple(found)


if __name__ == "__main__":
    for module in BEFOREHAND:
        importlib.import_module(module)
    serve(alembic.__version__, AlembicService)
