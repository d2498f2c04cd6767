"""How revisions run, as env.py says it: transactions, naming conventions."""

from __future__ import annotations

from pathlib import Path

import pytest

from partway.core.migration import Migration, Mode
from partway.core.source import SourceFile
from partway.neighbours import Neighbours
from partway.tools.choice import Choice
from partway.tools.reading import read

REVISION = """\
import sqlalchemy as sa
from alembic import op
revision = "a"
down_revision = None
def upgrade():
    op.create_table("t", sa.Column("c", sa.Integer, index=True), sa.Column("u", sa.Integer, unique=True))
"""
ENV = """\
from alembic import context
{imports}
def run_migrations_offline():
    context.configure(url=url, target_metadata=target_metadata, transactional_ddl=False)
def run_migrations_online():
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata{options})
"""


#: As SQLAlchemy's manual has its driver for SQLite leave transactions alone.
LISTENS = """)
        connection.isolation_level = None
        connection.exec_driver_sql("BEGIN\""""


def env(imports: str, options: str = "") -> str:
    """An env.py with these lines at its top and these keywords for what it runs online."""
    return ENV.format(imports=imports, options=options)


def project(folder: Path, files: dict[str, str], dialect: str = "postgresql") -> Migration:
    """The revision in a project with these files."""
    for name, text in {**files, "db/versions/a_x.py": REVISION}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    beside = Neighbours(f"{folder}/")
    found = read(
        SourceFile("db/versions/a_x.py", REVISION), Choice(tool="alembic", dialect=dialect), None, beside
    )
    assert set(files) & {"db/env.py"} <= set(beside.relied)
    return found


@pytest.mark.parametrize(
    ("options", "dialect", "mode"),
    [
        ("", "postgresql", Mode.WHOLE_RUN),
        ("", "mysql", Mode.PER_MIGRATION),
        ("", "sqlite", Mode.NONE),
        (", transaction_per_migration=True", "postgresql", Mode.PER_MIGRATION),
        (", transaction_per_migration=True", "mysql", Mode.PER_MIGRATION),
        (", transactional_ddl=False", "postgresql", Mode.PER_MIGRATION),
        (", transactional_ddl=True", "sqlite", Mode.NONE),
        (LISTENS, "sqlite", Mode.PER_MIGRATION),
        (f", transactional_ddl=True{LISTENS}", "sqlite", Mode.WHOLE_RUN),
    ],
)
def test_transactions(tmp_path: Path, options: str, dialect: str, mode: Mode) -> None:
    found = project(tmp_path, {"db/env.py": env("target_metadata = None", options)}, dialect)
    assert found.sections[0].transaction.mode is mode


def test_a_connection_in_autocommit(tmp_path: Path) -> None:
    text = 'engine = create_engine(url, isolation_level="AUTOCOMMIT")\n' + env("target_metadata = None")
    assert project(tmp_path, {"db/env.py": text}).sections[0].transaction.mode is Mode.NONE


CONVENTION = """\
from sqlalchemy import MetaData
NAMES = {"ix": "index_%(table_name)s_%(column_0_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
"""
DECLARED = CONVENTION + "class Base(DeclarativeBase):\n    metadata = MetaData(naming_convention=NAMES)\n"


@pytest.mark.parametrize(
    "files",
    [
        {"db/env.py": CONVENTION + env("target_metadata = MetaData(naming_convention=NAMES)")},
        {
            "db/env.py": env("from app.models import Base\ntarget_metadata = Base.metadata"),
            "app/models.py": DECLARED,
        },
        {
            "db/env.py": env("from app import models\ntarget_metadata = models.Base.metadata"),
            "src/app/models/__init__.py": "from .base import Base\n",
            "src/app/models/base.py": DECLARED,
        },
        {
            "db/env.py": env("import app.db\ntarget_metadata = app.db.metadata"),
            "app/db.py": CONVENTION + "metadata = MetaData(naming_convention=NAMES)\n",
        },
    ],
    ids=["in env.py", "from a module", "from a package", "by its path"],
)
def test_naming_conventions(tmp_path: Path, files: dict[str, str]) -> None:
    table, index = project(tmp_path, files).sections[0].operations
    assert index.target == "index_t_c"
    assert any(fact.name.name == "uq_t_u" for fact in table.postconditions)


def test_without_an_env(tmp_path: Path) -> None:
    table, index = project(tmp_path, {}).sections[0].operations
    assert index.target == "ix_t_c"
    assert table.target == "t"


def test_names_of_tables_from_the_project_models(tmp_path: Path) -> None:
    text = REVISION.replace("revision =", "from app.models import User\nrevision =", 1)
    text += (
        "    op.drop_table(User.__tablename__)\n    op.create_index(f'ix_{User.__tablename__}', 'x', ['y'])\n"
    )
    (tmp_path / "app/models").mkdir(parents=True)
    (tmp_path / "app/models/__init__.py").write_text("from .user import User\n", encoding="utf-8")
    (tmp_path / "app/models/user.py").write_text(
        "class User(Base):\n    __tablename__ = 'people'\n", encoding="utf-8"
    )
    beside = Neighbours(f"{tmp_path}/")
    found = read(SourceFile("db/versions/a.py", text), Choice(tool="alembic", dialect="mysql"), None, beside)
    assert [each.target for each in found.sections[0].operations[-2:]] == ["people", "ix_people"]
    assert "app/models/user.py" in beside.relied


def test_an_env_that_is_elsewhere(tmp_path: Path) -> None:
    files = {
        "alembic.ini": "[alembic]\nscript_location = %(here)s/ops/alembic\nversion_locations = db/versions\n",
        "ops/alembic/env.py": env("target_metadata = None", ", transaction_per_migration=True"),
    }
    assert project(tmp_path, files).sections[0].transaction.mode is Mode.PER_MIGRATION
