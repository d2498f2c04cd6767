"""A revision to stop half way, as `alembic revision` and black would have it, behind a base of tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent, indent

from tests.runners.alembic.runner import ENV, AlembicProject

#: Databases on which a revision can fail half way, and how Alembic runs there.
ENGINES = ("postgresql18", "mariadb", "sqlite")
SERVERS = ("postgresql18", "mariadb")
POSTGRESQL = ("postgresql18",)
MARIADB = ("mariadb",)
SQLITE = ("sqlite",)
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
FAILED = "9a1c2b3d4e5f"
BASE, LATER = "1b6f0d8e9a77", "c0ffee123456"
BASE_FILE, FAILED_FILE, LATER_FILE = f"{BASE}_base.py", f"{FAILED}_add_roles.py", f"{LATER}_later.py"


@dataclass(frozen=True)
class Case:
    """A revision's `up` and `down`. `head` comes before `upgrade`, `later` is what a revision behind it does."""

    up: str
    down: str
    engines: tuple[str, ...] = ENGINES
    head: str = ""
    imports: str = ""
    convention: Mapping[str, str] = field(default_factory=dict)
    #: Why some points are refused, as a part of the reason; empty where none may be.
    refused: str = ""

    def text(self) -> str:
        """The revision's file."""
        return revision(FAILED, BASE, "Add roles", self.up, self.down, head=self.head, imports=self.imports)

    def project(self, engine: str, later: str | None = None) -> AlembicProject:
        """The base and this revision, and one behind it with this way up if `later` is given."""
        files = {BASE_FILE: revision(BASE, None, "base", BASE_UP, BASE_DOWN), FAILED_FILE: self.text()}
        if later is not None:
            files[LATER_FILE] = revision(LATER, FAILED, "later", later, "pass")
        return AlembicProject(
            files=files, env=env(engine, self.convention), naming_convention=self.convention
        )


def revision(
    name: str, before: str | None, message: str, up: str, down: str, *, head: str = "", imports: str = ""
) -> str:
    """A revision's text."""

    def body(text: str) -> str:
        return indent(dedent(text).strip("\n"), "    ")

    before_said = f'"{before}"' if before else "None"
    imported = f"{imports}\n" if imports else ""
    told = dedent(head).strip("\n")
    # A constant follows the identifiers right away, a function behind two empty lines.
    gap = "" if told and not told.startswith("def ") else "\n\n"
    before_upgrade = f"{gap}{told}\n" if told else ""
    return f'''"""{message}

Revision ID: {name}
Revises: {before or ""}
Create Date: 2026-02-15 10:20:30.123456

"""

from typing import Sequence, Union

import sqlalchemy as sa
from alembic import op
{imported}
# revision identifiers, used by Alembic.
revision: str = "{name}"
down_revision: Union[str, Sequence[str], None] = {before_said}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None
{before_upgrade}

def upgrade() -> None:
    """Upgrade schema."""
{body(up)}


def downgrade() -> None:
    """Downgrade schema."""
{body(down)}
'''


#: Stops after so many statements of a revision, the way that a file beside it says: an error, or the end of the session
#: or of the process.
STOPPING = '''\
import json
import os
import re
import signal
from pathlib import Path

from sqlalchemy import event

READS = re.compile(r"\\s*(SELECT|PRAGMA|SHOW|DESCRIBE|WITH|BEGIN|EXPLAIN)\\b", re.IGNORECASE)
BOOKS = re.compile(r"\\balembic_version\\b")


def stop_by_wish(connection, cursor, statement, parameters, context, executemany):
    """Counts the statements that change something, in a file, and stops where another file says so."""
    if READS.match(statement) or BOOKS.search(statement):
        return
    here = Path(__file__).parent
    count = int((here / "count").read_text()) + 1 if (here / "count").exists() else 1
    (here / "count").write_text(str(count))
    if not (here / "stop").exists():
        return
    wish = json.loads((here / "stop").read_text())
    if count != wish["after"]:
        return
    if wish["how"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if wish["how"] == "session":
        cursor.execute(wish["sql"])
    raise RuntimeError("the test stops the migration here")


'''


def env(engine: str, convention: Mapping[str, str]) -> str:
    """An env.py which can be stopped after a statement. On PostgreSQL each statement is on its own."""
    text = AlembicProject(naming_convention=convention).env_text()
    assert text.startswith(ENV[:30])
    if engine.startswith("postgresql"):
        text = text.replace('prefix="sqlalchemy."', 'isolation_level="AUTOCOMMIT", prefix="sqlalchemy."')
    listening = 'event.listen(connectable, "after_cursor_execute", stop_by_wish)\nwith connectable'
    return STOPPING + re.sub("with connectable", listening, text, count=1)


BASE_UP = """
users = op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(40)),
    sa.Column("email", sa.String(40)),
    sa.Column("age", sa.Integer()),
    sa.Column("org_id", sa.Integer()),
)
posts = op.create_table(
    "posts",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("title", sa.String(40)),
    sa.Column("user_id", sa.Integer()),
)
things = op.create_table(
    "old_things",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("label", sa.String(40)),
    sa.UniqueConstraint("label", name="uq_label"),
)
op.create_index("by_name", "users", ["name"])
op.bulk_insert(
    users,
    [
        {"id": 1, "name": "ann", "email": "ann@example.com", "age": 31},
        {"id": 2, "name": "bob", "email": "bob@example.com", "age": 32},
    ],
)
op.bulk_insert(posts, [{"id": 1, "title": "one", "user_id": 1}])
op.bulk_insert(things, [{"id": 1, "label": "thing"}])
"""
BASE_DOWN = """
op.drop_table("old_things")
op.drop_table("posts")
op.drop_table("users")
"""
