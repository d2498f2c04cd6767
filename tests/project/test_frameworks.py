"""What the files of Rails, Django and Alembic projects say of their databases, in the shapes that projects have."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from partway.core.source import SourceFile
from partway.project import Project
from partway.tools.facts.alembic import env_py
from partway.tools.facts.django import settings
from partway.tools.facts.files import BELOW, LIMIT, SCANS
from partway.tools.facts.found import Facts
from partway.tools.facts.python import lock, requirements
from partway.tools.facts.rails import database_yml, gemfile, gemfile_lock, schema_rb, structure_sql
from partway.tools.reading import read

RUBY = (
    "class AddNote < ActiveRecord::Migration[7.1]\n  def change\n    add_column :a, :b, :text\n  end\nend\n"
)
DATABASES = [
    ("default: &default\n  adapter: mysql2\n  # adapter: pg\nproduction:\n  <<: *default\n", {"mysql"}),
    ("default:\n  adapter: <%= x %>\ndev:\n  adapter: mysql2\n", {"mysql"}),
    ("development:\n  adapter: sqlite3\nproduction:\n  adapter: postgresql\n", {"postgresql"}),
    ("p: &pg\n  adapter: postgresql\nm: &my\n  adapter: mysql2\nproduction:\n  <<: *pg\n", {"postgresql"}),
    ("a: &a\n  adapter: trilogy\nb: &b\n  <<: *a\nproduction:\n  primary:\n    <<: *b\n", {"mysql"}),
    ("production:\n  adapter: <%= ENV['ADAPTER'].presence || \"mysql2\" %>\n", {"mysql"}),
    ("production:\n  url: <%= ENV.fetch('URL', 'postgresql://u:p@h') %>\n", {"postgresql"}),
    ("production:\n  adapter: postgis\n", {"postgresql"}),
    ("production:\n  adapter: mysql2_makara\n", {"mysql"}),
    ("test:\n  adapter: sqlite3\nproduction:\n  url: <%= ENV['DATABASE_URL'] %>\n", set()),
    ("a: &a\n  <<: *b\nb: &b\n  <<: *a\nproduction:\n  <<: *a\n", set()),
]


@pytest.mark.parametrize(("text", "found"), DATABASES)
def test_database_yml(text: str, found: set[str]) -> None:
    facts = Facts()
    database_yml(text, facts)
    assert set(facts.configured) == found


def test_sqlite_stands_in_for_a_database_that_the_environment_names() -> None:
    facts = Facts()
    text = "d: &d\n  adapter: sqlite3\nproduction:\n  <<: *d\n  url: <%= ENV['DATABASE_URL'] %>\n"
    database_yml(text, facts)
    assert (set(facts.configured), set(facts.stand_ins)) == (set(), {"sqlite"})


def test_gems_for_tests_stand_back() -> None:
    facts = Facts()
    gemfile(
        'gem "rails", "~> 7.1.0"\ngroup :development, :test do\n  gem "sqlite3"\nend\ngem "pg", "~> 1"\n',
        facts,
    )
    assert (set(facts.linked), facts.settings) == ({"postgresql"}, {"rails.version": "7.1.0"})
    facts = Facts()
    gemfile("group :test do\n  gem 'sqlite3'\nend\n", facts)
    assert set(facts.linked) == {"sqlite"}


def test_the_lock_tells_the_version_that_runs() -> None:
    facts = Facts()
    gemfile('gem "rails", "~> 8.0"\n', facts)
    gemfile_lock(
        "GEM\n  specs:\n    pg (1.5.9-x86_64-linux)\n    rails (8.0.2.1)\n      railties (= 8.0.2.1)\n", facts
    )
    assert (facts.settings["rails.version"], set(facts.linked)) == ("8.0.2.1", {"postgresql"})


@pytest.mark.parametrize(
    ("text", "served"),
    [
        ("-- Dumped from database version 13.4 (Debian)\n", {"postgresql": (13, 4)}),
        ("SET statement_timeout = 0;\nSET lock_timeout = 0;\n", {"postgresql": ()}),
        (
            "/*M!999999\\- enable the sandbox mode */\n/*!40101 SET @OLD_CHARACTER_SET_CLIENT=1 */;\n",
            {"mariadb": ()},
        ),
        ("/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n", {}),
        ('CREATE TABLE IF NOT EXISTS "schema_migrations" ("version" varchar);\n', {"sqlite": ()}),
    ],
)
def test_dumps(text: str, served: dict[str, tuple[int, ...]]) -> None:
    facts = Facts()
    structure_sql(text, facts)
    assert facts.served == served


def test_a_dumped_schema_in_ruby() -> None:
    facts = Facts()
    schema_rb('ActiveRecord::Schema[7.2].define do\n  enable_extension "pg_catalog.plpgsql"\n', facts)
    assert (facts.served, facts.settings) == ({"postgresql": ()}, {"rails.version": "7.2"})
    facts = Facts()
    schema_rb(
        '  create_table "a", charset: "utf8mb4", collation: "utf8mb4_0900_ai_ci", force: :cascade', facts
    )
    assert set(facts.served) == {"mysql"}


@pytest.mark.parametrize(
    ("text", "configured", "stand_ins"),
    [
        (
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql_psycopg2'}}",
            {"postgresql"},
            set(),
        ),
        ("D['ENGINE'] = 'django_prometheus.db.backends.mysql'", {"mysql"}, set()),
        ("'ENGINE': 'django.contrib.gis.db.backends.spatialite',", {"sqlite"}, set()),
        ("# 'ENGINE': 'django.db.backends.mysql',\n'ENGINE': 'django.db.backends.',", set(), set()),
        ("'ENGINE': 'django.db.backends.' + backend,", set(), set()),
        ("'ENGINE': 'mysql.connector.django',", {"mysql"}, set()),
        ("'ENGINE': 'django_tenants.postgresql_backend',", {"postgresql"}, set()),
        ("x = dj_database_url.config(\n    default='postgres://a:b@localhost/c')", {"postgresql"}, set()),
        ("x = env.db('DATABASE_URL', default='sqlite:///db.sqlite3')", set(), {"sqlite"}),
        ("SESSION_ENGINE = 'django.contrib.sessions.backends.cache'", set(), set()),
    ],
)
def test_django_settings(text: str, configured: set[str], stand_ins: set[str]) -> None:
    facts = Facts()
    settings(text, facts)
    assert (set(facts.configured), set(facts.stand_ins)) == (configured, stand_ins)


@pytest.mark.parametrize(
    ("there", "configured", "stand_ins"),
    [
        ({"served": "postgresql"}, set(), {"mysql"}),
        ({"linked": "postgresql"}, set(), {"mysql"}),
        ({"linked": "sqlite"}, {"mysql"}, set()),
        ({"linked": "mysql", "served": "postgresql"}, {"mysql"}, set()),
        ({"served": "mariadb"}, {"mysql"}, set()),
    ],
)
def test_a_default_that_outlived_its_database(
    there: dict[str, str], configured: set[str], stand_ins: set[str]
) -> None:
    """What is written for an address that the environment does not give may be long out of use."""
    facts = Facts()
    for where, named in there.items():
        getattr(facts, where)[named] = ()
    settings("D = {'default': dj_database_url.config(default='mysql://root@localhost/shop')}", facts)
    assert (set(facts.configured), set(facts.stand_ins)) == (configured, stand_ins)


@pytest.mark.parametrize(
    ("text", "linked", "said"),
    [
        (
            "Django==5.2.6\npsycopg[c,pool]==3.3.4\n",
            {"postgresql"},
            {"django.version": "5.2.6", "postgresql.reopens": "psycopg"},
        ),
        ("django-redis==4\n# psycopg2\n    # via mysqlclient\n", set(), {}),
        (
            'dependencies = [\n  "mysqlclient>=2",\n  "alembic>=1.13,<2",\n]',
            {"mysql"},
            {"alembic.version": "1.13"},
        ),
        (
            'psycopg2-binary = "^2.9"\nsqlalchemy = {version = "^2.0.1"}',
            {"postgresql"},
            {"sqlalchemy.version": "2.0.1"},
        ),
        ("install_requires =\n    SQLAlchemy<2\n    PyMySQL\n", {"mysql"}, {}),
    ],
)
def test_requirements(text: str, linked: set[str], said: dict[str, str]) -> None:
    facts = Facts()
    requirements(text, facts)
    assert (set(facts.linked), facts.settings) == (linked, said)


def test_locked_versions() -> None:
    facts = Facts()
    lock(
        '[[package]]\nname = "django"\nversion = "5.2.17"\n\n[[package]]\nname = "psycopg"\nversion = "3.3"\n',
        facts,
    )
    assert (facts.settings, facts.linked) == ({"django.version": "5.2.17"}, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("    context.configure(\n        transaction_per_migration=True,\n    )", "true"),
        ("    # transaction_per_migration=True", None),
        (
            "    if engine.name in ('sqlite', 'mysql'):\n        k = {'transaction_per_migration': True}",
            "conditional",
        ),
        ("    transaction_per_migration=True\n    transaction_per_migration=False", "conditional"),
    ],
)
def test_env_py(text: str, said: str | None) -> None:
    facts = Facts()
    env_py(f"from alembic import context\ndef run():\n{text}\n", facts)
    assert facts.settings.get("alembic.transaction_per_migration") == said


@pytest.mark.parametrize("text", [" ", "\n", "[ ", "a: ", "django [", "&a *a ", '"', "'ENGINE': 'a."])
def test_no_text_takes_long(text: str) -> None:
    long = (text * LIMIT)[:LIMIT]
    start = time.monotonic()
    for scan in {*SCANS.values(), *(scan for _, _, scan in BELOW)}:
        scan(long, Facts())
    settings(long, Facts())
    assert time.monotonic() - start < 5


# Whole projects -------------------------------------------------------------------------------------------------------


def chosen(root: Path, name: str, files: dict[str, str]) -> str | None:
    (root / ".git").mkdir(parents=True)
    program = RUBY if name.endswith(".rb") else "from django.db import migrations\n"
    for path, text in {name: program, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return Project(str(root)).choice(str(root / name), program).dialect


def test_an_example_speaks_only_where_the_file_itself_is_missing(tmp_path: Path) -> None:
    example = {"config/database.yml.example": "production:\n  adapter: mysql2\n"}
    assert chosen(tmp_path / "a", "db/migrate/1_a.rb", example) == "mysql"
    both = {**example, "config/database.yml": "production:\n  adapter: postgresql\n"}
    assert chosen(tmp_path / "b", "db/migrate/1_a.rb", both) == "postgresql"


def test_the_server_tells_mariadb_from_mysql(tmp_path: Path) -> None:
    files = {
        "Gemfile": 'gem "mysql2"\n',
        "config/database.example": "production:\n  adapter: mysql2\n",
        "docker-compose.yml": "services:\n  db:\n    image: mariadb:10.5.4-focal\n",
    }
    assert chosen(tmp_path / "a", "db/migrate/1_a.rb", files) == "mariadb"
    assert chosen(tmp_path / "b", "db/migrate/1_a.rb", {**files, "docker-compose.yml": ""}) == "mysql"


def test_production_counts_before_a_developers_settings(tmp_path: Path) -> None:
    sqlite = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}"
    manage = "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'app.settings.local')"
    files = {"manage.py": manage, "app/settings/base.py": "", "app/settings/local.py": sqlite}
    name = "app/shop/migrations/0001_initial.py"
    assert chosen(tmp_path / "a", name, files) == "sqlite"
    assert chosen(tmp_path / "b", name, {**files, "requirements/base.in": "mysqlclient\n"}) == "mysql"
    production = {"app/settings/production.py": sqlite.replace("sqlite3", "postgresql")}
    assert chosen(tmp_path / "c", name, {**files, **production}) == "postgresql"


def test_sqlite_in_settings_stands_back_where_a_driver_is_asked_for(tmp_path: Path) -> None:
    sqlite = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}"
    files = {"manage.py": "", "app/settings/defaults.py": sqlite}
    name = "shop/migrations/0001_initial.py"
    assert chosen(tmp_path / "a", name, files) == "sqlite"
    driver = {"requirements/requirements.txt": "psycopg==3.1.18\n"}
    assert chosen(tmp_path / "b", name, {**files, **driver}) == "postgresql"
    production = {"app/settings/production.py": sqlite}
    assert chosen(tmp_path / "c", name, {**files, **driver, **production}) == "sqlite"


def test_an_app_called_settings_is_none(tmp_path: Path) -> None:
    other = "def ready():\n    connections.databases['x'] = {'ENGINE': 'django.db.backends.sqlite3'}\n"
    files = {"manage.py": "", "settings/signals.py": other, "requirements.txt": "mysqlclient\n"}
    name = "settings/migrations/0001_initial.py"
    assert chosen(tmp_path / "a", name, files) == "mysql"


def test_sqlite_in_alembic_ini_stands_back(tmp_path: Path) -> None:
    files = {"app/alembic.ini": "sqlalchemy.url = sqlite:///x.db\n"}
    name = "app/migrations/versions/ab_x.py"
    assert chosen(tmp_path / "a", name, files) == "sqlite"
    assert chosen(tmp_path / "b", name, {**files, "requirements.txt": "PyMySQL>=1\n"}) == "mysql"


def test_sqlite_in_alembic_ini_says_nothing_where_tests_bring_a_servers_driver(tmp_path: Path) -> None:
    files = {"app/alembic.ini": "sqlalchemy.url = sqlite:///x.db\n"}
    name = "app/migrations/versions/ab_x.py"
    tests = {"test-requirements.txt": "psycopg2>=2.8\nPyMySQL>=0.7\n"}
    assert chosen(tmp_path / "a", name, {**files, **tests}) is None
    assert chosen(tmp_path / "b", name, {**files, **tests, "requirements.txt": "PyMySQL>=1\n"}) == "mysql"
    assert chosen(tmp_path / "c", name, {**files, "test-requirements.txt": "pytest\naiosqlite\n"}) == "sqlite"


_PLAIN = 'op.add_column("a", sa.Column("b", sa.Integer()))'
_ENGINE = 'op.create_table("a", sa.Column("b", sa.Integer()), mysql_engine="InnoDB")'
_WHERE = 'op.create_index("i", "a", ["b"], postgresql_where=sa.text("b > 0"))'
_ASKS = 'if op.get_bind().dialect.name == "mysql":\n        op.execute("SELECT 1")'
_VARIANT = 'op.add_column("a", sa.Column("b", sa.Text().with_variant(mysql.LONGTEXT(), "mysql")))'
_SQLITE = "[alembic]\nsqlalchemy.url = sqlite:///app.db\n"


@pytest.mark.parametrize(
    ("ini", "others", "own", "dialect"),
    [
        (_SQLITE, [_PLAIN], _PLAIN, "sqlite"),
        (_SQLITE, [_ENGINE, _PLAIN], _PLAIN, "mysql"),
        (_SQLITE, [_ENGINE, _ASKS], _PLAIN, "mysql"),
        (_SQLITE, [_ENGINE, _WHERE], _PLAIN, None),
        (_SQLITE, [_ASKS], _PLAIN, None),
        (_SQLITE, [_ASKS], _ENGINE, "mysql"),
        ("[alembic]\n", [_ASKS], _VARIANT, None),
        ("[alembic]\n", [_PLAIN], _WHERE, "postgresql"),
        ("[alembic]\nsqlalchemy.url = postgresql://h/app\n", [_ENGINE], _PLAIN, "postgresql"),
    ],
)
def test_revisions_of_one_folder_run_on_one_database(
    tmp_path: Path, ini: str, others: list[str], own: str, dialect: str | None
) -> None:
    """SQLite in alembic.ini is often there to make revisions with; what these are written for says more."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "versions").mkdir()
    (tmp_path / "alembic.ini").write_text(ini)
    texts = [
        f'revision = "{at}"\ndown_revision = None\n\n\ndef upgrade():\n    {line}\n'
        for at, line in enumerate([own, *others])
    ]
    paths = [tmp_path / "versions" / f"{at}_change.py" for at in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    assert Project(str(tmp_path)).choice(str(paths[0]), texts[0]).dialect == dialect


def test_a_file_of_several_databases_does_not_decide_either(tmp_path: Path) -> None:
    files = {
        "alembic.ini": _SQLITE,
        "versions/0_a.py": _ASKS,
        "versions/1_b.py": "import sqlalchemy.dialects.mysql",
    }
    (tmp_path / ".git").mkdir()
    for name, line in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        head = 'revision = "a"\ndown_revision = None\n' if name.endswith(".py") else ""
        (tmp_path / name).write_text(f"{head}{line}\n")
    path = tmp_path / "versions/1_b.py"
    choice = Project(str(tmp_path)).choice(str(path), path.read_text())
    found = read(SourceFile("versions/1_b.py", path.read_text()), choice)
    assert (choice.dialect, found.dialect_assumed) == (None, True)


def test_a_type_means_nothing_where_the_project_has_no_driver_for_its_database(tmp_path: Path) -> None:
    text = "class A < ActiveRecord::Migration[8.0]\n  def change\n    create_table(:a) { |t| t.uuid :b }\n  end\nend\n"
    gems = {"Gemfile": 'gem "sqlite3"\ngem "trilogy"\n', "db/migrate/1_a.rb": text}
    assert chosen(tmp_path / "a", "db/migrate/1_a.rb", gems) is None
    path = tmp_path / "a/db/migrate/1_a.rb"
    assert Project(str(tmp_path / "a")).choice(str(path), text).dialect is None
    (tmp_path / "a/Gemfile").write_text('gem "sqlite3"\ngem "pg"\n')
    assert Project(str(tmp_path / "a")).choice(str(path), text).dialect == "postgresql"
