"""A revision to try Alembic with: what it does behind a base of two tables, and on which engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent

from tests.runners.alembic.runner import AlembicProject, revision

ENGINES = ("postgresql18", "postgresql15", "mariadb", "mysql", "sqlite")
SERVERS = ENGINES[:-1]
POSTGRESQL = ("postgresql18", "postgresql15")
MYSQL = ("mariadb", "mysql")
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass(frozen=True)
class Case:
    """A revision's `up` and `down` behind the `base`, and where it runs."""

    up: str
    down: str = "pass"
    engines: tuple[str, ...] = ENGINES
    convention: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    head: str = ""

    def project(self) -> AlembicProject:
        """Two revisions: the base, and this one."""
        text = revision("r2", "r1", dedent(self.up), dedent(self.down))
        return AlembicProject(
            files={
                "r1_base.py": revision("r1", None, BASE),
                "r2_case.py": IMPORTS + dedent(self.head) + text,
            },
            options=self.options,
            naming_convention=self.convention,
        )


IMPORTS = "from sqlalchemy.dialects import mysql, postgresql\nfrom alembic import context\n"

BASE = """
op.create_table("orgs", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40)))
op.create_table(
    "users",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(40), nullable=False),
    sa.Column("age", sa.Integer, server_default="1"),
    sa.Column("org_id", sa.Integer),
    sa.Column("other_id", sa.Integer),
    sa.Column("spare", sa.Integer),
    sa.ForeignKeyConstraint(["other_id"], ["orgs.id"], name=op.f("users_other")),
    sa.UniqueConstraint("age", name=op.f("users_age")),
    sa.CheckConstraint("org_id > 0", name=op.f("users_positive")),
)
op.create_index(op.f("users_by_email"), "users", ["email"])
"""
