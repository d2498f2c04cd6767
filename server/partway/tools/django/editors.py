"""Which schema editor a backend has."""

from __future__ import annotations

from partway.tools.django.backends import Backend
from partway.tools.django.editor_mysql import MysqlEditor
from partway.tools.django.editor_postgresql import PostgresqlEditor
from partway.tools.django.editor_sqlite import SqliteEditor
from partway.tools.django.statements import Statements

_EDITORS = {"postgresql": PostgresqlEditor, "mysql": MysqlEditor, "sqlite": SqliteEditor}


def editor(backend: Backend, out: Statements | None) -> PostgresqlEditor:
    """The editor of one migration; without `out` it only keeps account."""
    return _EDITORS[backend.editor](backend, out)
