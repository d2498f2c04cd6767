"""Databases that a project's own files speak of: offered by name, never contacted, nothing secret shown."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from partway.config import ConfigError, Configs
from partway.databases import names, offered, target
from partway.live.discovered import discovered
from partway.live.unreachable import Unreachable

SECRET = "hush-Zk41"

FILES = {
    "config/database.yml": f"""
default: &default
  adapter: postgresql
  host: db.example
  username: app
  password: {SECRET}
development:
  <<: *default
  database: app_dev
test:
  adapter: sqlite3
  database: db/test.sqlite3
production:
  url: <%= ENV["DATABASE_URL"] %>
staging:
  <<: *default
  database: <%= Rails.application.name %>
""",
    "alembic.ini": f"[alembic]\nsqlalchemy.url = postgresql://u:{SECRET}@h/alembic_db\n",
    "flyway.conf": f"flyway.url=jdbc:mariadb://h/fly\nflyway.user=u\nflyway.password={SECRET}\n",
    "prisma/schema.prisma": 'datasource db {\n  provider = "mysql"\n  url = env("PRISMA_URL")\n}\n',
    "manage.py": "",
    "site/settings.py": f"""
DATABASES = {{
    'default': {{'ENGINE': 'django.db.backends.postgresql', 'NAME': 'dj', 'USER': 'u', 'PASSWORD': '{SECRET}'}},
    'files': {{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}},
}}
""",
    ".env": f"OTHER=1\nAPP_URL=https://example.com\nDATABASE_URL=postgres://u:{SECRET}@h/env_db\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has a little of everything."""
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_each_tools_files(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        pytest.fail("something was contacted")

    monkeypatch.setattr(socket.socket, "connect", never)
    found = {one.name: one.shown for one in discovered(str(project))}
    assert found == {
        "rails:development": "postgresql://app@db.example/app_dev",
        "rails:test": "sqlite:///db/test.sqlite3",
        "rails:production": "env:DATABASE_URL",
        "alembic": "postgresql://u@h/alembic_db",
        "flyway": "mariadb://u@h/fly",
        "prisma": "env:PRISMA_URL",
        "DATABASE_URL": "env:DATABASE_URL",
        "django:default": "postgresql://u@localhost/dj",
        "django:files": "sqlite:///db.sqlite3",
    }
    assert SECRET not in repr(discovered(str(project)))


def test_by_name(project: Path) -> None:
    config = Configs().of(str(project))
    assert target("alembic", config).address.database == "alembic_db"
    assert target("rails:test", config).address.database == str(project / "db/test.sqlite3")
    assert target("DATABASE_URL", config).address.database == "env_db"
    assert target(f"postgres://u:{SECRET}@h/x", config).name == "postgresql://u@h/x"
    with pytest.raises(Unreachable, match="did you mean `alembic`"):
        target("alembik", config)


def test_configured_comes_first(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "partway.toml").write_text(
        '[databases]\ndev = "env:DEV_URL"\n'
        '[databases.prod]\nurl = "env:PROD_URL"\nschema = ["app", "public"]\nconnect-timeout = 1\nlock-timeout = 0.5\n'
    )
    monkeypatch.setenv("PROD_URL", f"postgres://u:{SECRET}@h/prod")
    config = Configs().of(str(project))
    assert names(config)[:2] == ["dev", "prod"]
    found = target("prod", config)
    assert found.address.schemas == ("app", "public")
    assert (found.limits.connect, found.limits.lock) == (1, 0.5)
    assert SECRET not in repr(found)
    assert "dev" not in [one.name for one in offered(config)]
    with pytest.raises(Unreachable, match="DEV_URL is not set"):
        target("dev", config)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'[databases]\ndev = "postgres://u:{SECRET}@h/d"\n', "holds a password"),
        ("[databases.dev]\nurll = 'env:X'\n", "unknown key `urll`; did you mean `url`?"),
        ("[databases.dev]\nschema = 'x'\n", "needs `url`"),
        ("[databases]\ndev = 5\n", "must be a URL"),
        ("databases = 5\n", "must be a table"),
        ("[databases.dev]\nurl = 'env:X'\nlock-timeout = -1\n", "seconds"),
        ("[databases.dev]\nurl = 'env:X'\nschema = 5\n", "list of strings"),
    ],
)
def test_wrong_configuration(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "partway.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        Configs().of(str(tmp_path))
    assert message in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", list(FILES))
def test_broken_files_offer_nothing_and_hurt_nobody(name: str, tmp_path: Path) -> None:
    for text in (
        "",
        "\0\0",
        "[[[",
        FILES[name][: len(FILES[name]) // 2],
        "x" * 300_000,
        "url: <%= %>\n" * 50,
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        assert SECRET not in repr(discovered(str(tmp_path)))
