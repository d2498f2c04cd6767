"""Every tool whose tracking table Partway reads and that can be run in tests, by its public name."""

from __future__ import annotations

from collections.abc import Mapping

from tests.history.frameworks import Alembic, Django, Rails
from tests.history.tools import Dbmate, Flyway, GolangMigrate, Goose, Prisma, Sqlx, Supabase, Tool

TOOLS: Mapping[str, type[Tool]] = {
    tool.name: tool
    for tool in (Flyway, GolangMigrate, Goose, Dbmate, Sqlx, Prisma, Supabase, Rails, Django, Alembic)
}
