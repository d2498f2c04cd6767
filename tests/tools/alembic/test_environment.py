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


#: The driver is told so where the engine is made, in another module.
SENDS = """)
        context.execute("BEGIN IMMEDIATE\""""


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
        (SENDS, "sqlite", Mode.PER_MIGRATION),
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


def from_models(text: str, name: str = "Base.metadata") -> dict[str, str]:
    """A project whose env.py has its metadata from these models."""
    return {
        "db/env.py": env(f"from app import models\ntarget_metadata = models.{name}"),
        "app/models.py": text,
    }


READ = {
    "in env.py": {"db/env.py": CONVENTION + env("target_metadata = MetaData(naming_convention=NAMES)")},
    "from a module": {
        "db/env.py": env("from app.models import Base\ntarget_metadata = Base.metadata"),
        "app/models.py": DECLARED,
    },
    "from a package": {
        "db/env.py": env("from app import models\ntarget_metadata = models.Base.metadata"),
        "src/app/models/__init__.py": "from .base import Base\n",
        "src/app/models/base.py": DECLARED,
    },
    "from all names of a module": {
        "db/env.py": env("from app.models import Base\ntarget_metadata = Base.metadata"),
        "app/models/__init__.py": "from .users import *\nfrom .base import *\n",
        "app/models/users.py": "users = 1\n",
        "app/models/base.py": DECLARED,
    },
    "by its path": {
        "db/env.py": env("import app.db\ntarget_metadata = app.db.metadata"),
        "app/db.py": CONVENTION + "metadata = MetaData(naming_convention=NAMES)\n",
    },
    "where it is needed": {
        "db/env.py": env(
            "def found():\n    from app.models import Base\n    return Base.metadata\ntarget_metadata = found()"
        ),
        "app/models.py": DECLARED,
    },
    "names from a module of their own": {
        "app/names.py": CONVENTION,
        **from_models(
            "from app.names import NAMES\nBase = declarative_base(metadata=MetaData(naming_convention=NAMES))"
        ),
    },
    "of a registry": from_models(
        f"{CONVENTION}class Base(DeclarativeBase):\n    registry = registry(metadata=MetaData(naming_convention=NAMES))"
    ),
    "of a base": from_models(f"{DECLARED}class Model(Mixin, Base):\n    pass\n", "Model.metadata"),
    "of Flask": from_models(
        f"{CONVENTION}db = SQLAlchemy(app, metadata=MetaData(naming_convention=NAMES))", "db.metadata"
    ),
    "given later": from_models(
        f"{CONVENTION}Base = declarative_base()\nBase.metadata.naming_convention = NAMES"
    ),
    "given to SQLModel by what env.py loads": {
        "db/env.py": env(
            "from sqlmodel import SQLModel\nimport app.names\ntarget_metadata = SQLModel.metadata"
        ),
        "app/names.py": f"{CONVENTION}SQLModel.metadata.naming_convention = NAMES\n",
    },
    "the only one where models are defined in a way of their own": from_models(
        f"{CONVENTION}metadata = MetaData(naming_convention=NAMES)\n"
        "if TYPE_CHECKING:\n    Base = Any\nelse:\n    Base = our_own(metadata)\n"
    ),
}


@pytest.mark.parametrize("files", READ.values(), ids=READ)
def test_naming_conventions(tmp_path: Path, files: dict[str, str]) -> None:
    table, index = project(tmp_path, files).sections[0].operations
    assert index.target == "index_t_c"
    assert any(fact.name.name == "uq_t_u" for fact in table.postconditions)


NONE = {
    "no metadata": {"db/env.py": env("target_metadata = None")},
    "several": {"db/env.py": env("from app.models import one, two\ntarget_metadata = [one, two]")},
    "made without": from_models("Base = declarative_base()"),
    "a class without": from_models("class Base(DeclarativeBase):\n    pass\n"),
    "SQLModel": {"db/env.py": env("from sqlmodel import SQLModel\ntarget_metadata = SQLModel.metadata")},
}


@pytest.mark.parametrize("files", NONE.values(), ids=NONE)
def test_without_a_naming_convention(tmp_path: Path, files: dict[str, str]) -> None:
    table, index = project(tmp_path, files).sections[0].operations
    assert index.target == "ix_t_c"
    assert any(fact.object == "constraint" and not fact.name.name for fact in table.postconditions)


UNREAD = {
    "made by the program": {"db/env.py": env("from app import made\ntarget_metadata = made().metadata")},
    "of an application": {
        "db/env.py": env("target_metadata = current_app.extensions['migrate'].db.metadata"),
    },
    "one or the other": {
        "db/env.py": env(
            "from app.models import a, b\nif x:\n    target_metadata = a\nelse:\n    target_metadata = b"
        ),
    },
    "from elsewhere": {"db/env.py": env("from their.models import Base\ntarget_metadata = Base.metadata")},
    "of which one is the right one": from_models(
        "a = MetaData(naming_convention={'ix': '1'})\nb = MetaData(naming_convention={'ix': '2'})\nBase = chosen(a, b)"
    ),
    "names that the program makes": from_models(
        "Base = declarative_base(metadata=MetaData(naming_convention=made()))"
    ),
    "itself": from_models("from app.models import Base\n"),
    "what inherits from itself": from_models("class Base(Base):\n    pass\n"),
}


@pytest.mark.parametrize("files", UNREAD.values(), ids=UNREAD)
def test_names_are_unknown_where_nobody_can_read_the_convention(
    tmp_path: Path, files: dict[str, str]
) -> None:
    table, index = project(tmp_path, files).sections[0].operations
    assert table.target == "t"
    assert index.target == "?"
    # What is on which columns is known all the same.
    assert [
        (fact.object, fact.name.name, dict(fact.attributes)["columns"]) for fact in index.postconditions
    ] == [("index", "", "c")]
    assert ("constraint", "", "u") in [
        (fact.object, fact.name.name, dict(fact.attributes).get("columns")) for fact in table.postconditions
    ]


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
