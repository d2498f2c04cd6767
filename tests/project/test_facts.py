"""What each kind of file says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partway.dialects.dialect import Version
from partway.tools.facts.dependencies import cargo
from partway.tools.facts.django import settings
from partway.tools.facts.files import BELOW, SCANS
from partway.tools.facts.found import Facts
from partway.tools.facts.servers import compose

CONFIGURED = [
    ("flyway.conf", "flyway.url=jdbc:postgresql://db:5432/app\nflyway.password=s3cret", {"postgresql": ()}),
    ("flyway.conf", "flyway.url = jdbc:mariadb://db/app", {"mariadb": ()}),
    ("flyway.toml", '[environments.dev]\nurl = "jdbc:mysql://db/app"\nuser = "root"', {"mysql": ()}),
    ("flyway.toml", '[environments.dev]\nurl = "jdbc:sqlserver://db"', {"sqlserver": ()}),
    ("application.properties", "spring.datasource.url=jdbc:postgresql://${HOST}/app", {"postgresql": ()}),
    ("application.properties", "spring.datasource.url=jdbc:h2:mem:test", {}),
    ("application.yml", "spring:\n  datasource:\n    url: jdbc:tc:mysql:8.0:///app\n", {"mysql": ()}),
    (".env", 'DATABASE_URL="postgres://u:p@localhost/app"', {"postgresql": ()}),
    (".env", "export DATABASE_URL=sqlite:db/app.sqlite3", {"sqlite": ()}),
    (".env", "DATABASE_URL=mysql+pymysql://u:p@h/d", {"mysql": ()}),
    (".env", "DB_CONNECTION=pgsql\nDB_PORT=5432", {"postgresql": ()}),
    (".env", "GOOSE_DRIVER=mysql\n", {"mysql": ()}),
    (".env", "# DATABASE_URL=postgres://x\nHOMEPAGE=https://mysql.com/", {}),
    ("schema.prisma", 'datasource db {\n  provider = "postgresql"\n  url = env("X")\n}', {"postgresql": ()}),
    (
        "schema.prisma",
        'generator c {\n provider = "x"\n}\ndatasource db {\n provider = "cockroachdb"\n}',
        {"cockroach": ()},
    ),
    ("migration_lock.toml", '# c\nprovider = "mysql"\n', {"mysql": ()}),
    ("drizzle.config.ts", "export default { dialect: 'postgresql', out: './drizzle' }", {"postgresql": ()}),
    ("alembic.ini", "sqlalchemy.url = postgresql+asyncpg://u:p@h/d", {"postgresql": ()}),
    ("alembic.ini", "sqlalchemy.url = driver://user:pass@localhost/dbname", {}),
    ("sqlx-data.json", '{\n  "db": "PostgreSQL",\n', {"postgresql": ()}),
]
LINKED = [
    (
        "go.mod",
        "require (\n github.com/lib/pq v1.1\n github.com/mattn/go-sqlite3 v1 // indirect\n)",
        {"postgresql": ()},
    ),
    ("package.json", '{"dependencies": {"mysql2": "^3", "pgadmin": "1"}}', {"mysql": ()}),
    (
        "Cargo.toml",
        'sqlx = { version = "0.8", features = ["runtime-tokio", "postgres"] }',
        {"postgresql": ()},
    ),
    ("Cargo.toml", '[dependencies.diesel]\nfeatures = [\n "mysql",\n]\n[x]\ny = ["sqlite"]', {"mysql": ()}),
    ("pom.xml", "<groupId>org.postgresql</groupId>", {"postgresql": ()}),
    (
        "build.gradle",
        "runtimeOnly 'org.mariadb.jdbc:mariadb-java-client'\n'org.flywaydb:flyway-mysql'",
        {"mariadb": ()},
    ),
    ("Gemfile", 'gem "pg", "~> 1"\n# gem "mysql2"', {"postgresql": ()}),
]
IMAGES: list[tuple[str, dict[str, Version]]] = [
    ("postgres:16-alpine", {"postgresql": (16,)}),
    ("postgres", {"postgresql": ()}),
    ("postgres:latest", {"postgresql": ()}),
    ("docker.io/library/postgres:15.4", {"postgresql": (15, 4)}),
    ("registry.example:5000/postgres:14", {"postgresql": (14,)}),
    ("postgres:${PG_VERSION:-13}", {"postgresql": (13,)}),
    ("pgvector/pgvector:pg17", {"postgresql": (17,)}),
    ("timescale/timescaledb:2.11.0-pg15", {"postgresql": (15,)}),
    ("postgis/postgis:15-3.3", {"postgresql": (15,)}),
    ("bitnami/postgresql:12.1.0", {"postgresql": (12, 1, 0)}),
    ("mysql:8.0.36", {"mysql": (8, 0, 36)}),
    ("mysql/mysql-server:8.0", {"mysql": (8, 0)}),
    ("mariadb:10.11", {"mariadb": (10, 11)}),
    ("cockroachdb/cockroach:v22", {"cockroach": (22,)}),
    ("prometheuscommunity/postgres-exporter:v0.15", {}),
    ("dpage/pgadmin4:8", {}),
    ("redis:7", {}),
]


def scanned(name: str, text: str) -> Facts:
    facts = Facts()
    SCANS[name](text, facts)
    return facts


@pytest.mark.parametrize(("name", "text", "found"), CONFIGURED)
def test_configured(name: str, text: str, found: dict[str, Version]) -> None:
    assert scanned(name, text).configured == found


@pytest.mark.parametrize(("name", "text", "found"), LINKED)
def test_linked(name: str, text: str, found: dict[str, Version]) -> None:
    assert scanned(name, text).linked == found


@pytest.mark.parametrize(("image", "found"), IMAGES)
def test_images(image: str, found: dict[str, Version]) -> None:
    assert scanned("compose.yml", f'services:\n  db:\n    image: "{image}"  # c\n').served == found


def test_the_lowest_of_several_versions_counts() -> None:
    facts = Facts()
    compose("image: postgres:16\n", facts)
    compose("image: postgres:13\nimage: postgres:latest\n", facts)
    assert facts.served == {"postgresql": (13,)}


def test_settings_of_tools() -> None:
    yaml = "spring:\n  flyway:\n    group: true\n    sql-migration-prefix: M\n    password: x\n  o:\n    mixed: true\n"
    facts = scanned("application.yml", yaml)
    assert facts.settings == {"flyway.group": "true", "flyway.sqlMigrationPrefix": "M"}
    assert scanned("flyway.toml", "[flyway]\nmixed = true\n").settings == {"flyway.mixed": "true"}
    assert scanned("metadata.toml", "run_in_transaction = false").settings == {
        "diesel.run_in_transaction": "false"
    }
    assert scanned("package.json", '{"prisma": "^7.1.0"}').settings == {"prisma.version": "^7.1.0"}
    url = "U=mysql://u:p@h/d?x-multi-statement=true"
    assert scanned("Makefile", url).settings == {"golang-migrate.x-multi-statement": "true"}
    facts = Facts()
    cargo('sqlx = { version = "0.9.0", features = [] }', facts)
    assert facts.settings == {"sqlx.version": "0.9.0"}


def test_no_secret_is_kept() -> None:
    url = "jdbc:postgresql://admin:hunter2@db/app?password=hunter2"
    for name in SCANS:
        keys = ("flyway.url", "flyway.password", "DATABASE_URL", "spring.datasource.url", "sqlalchemy.url")
        text = "".join(f"{key}={url}\n" for key in keys) + f"image: {url}\nadapter: {url}\n"
        facts = scanned(name, text)
        assert "hunter2" not in repr([getattr(facts, slot) for slot in facts.__slots__])


@given(st.text(), st.sampled_from([*SCANS.values(), *(scan for _, _, scan in BELOW)]))
def test_any_text_can_be_scanned(text: str, scan: object) -> None:
    facts = Facts()
    scan(text, facts)  # type: ignore[operator]  # one of several readers
    settings(text, facts)
