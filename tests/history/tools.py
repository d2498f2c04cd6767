"""The real tools that run SQL files, each on a database of `tests.engines`: a project's files, and runs of the tool."""

from __future__ import annotations

import os
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from tests.engines.lab import Lab
from tests.engines.servers import Address
from tests.engines.sqlite import SqliteLab
from tests.history.providing import RECIPES, provide

HERE = Path(__file__).parent
SERVERS = ("postgresql18", "mariadb", "mysql")
# A tool that waits for a lock must end.
TIMEOUT = 60


class Ran(NamedTuple):
    """What came of one run: whether the tool was content, and what it said."""

    ok: bool
    output: str


class Migrations(NamedTuple):
    """The texts of a project as SQL, by version; `alone` are those that the tool is told to run without a transaction,
    where it can be told so for one file."""

    texts: Mapping[int, str]
    alone: frozenset[int] = frozenset()


class Tool(ABC):
    """A tool, started anew for each run, in the project's folder."""

    name: ClassVar[str]
    engines: ClassVar[tuple[str, ...]] = (*SERVERS, "sqlite")
    # What Partway is told of the project.
    settings: ClassVar[Mapping[str, str]] = {}
    # Whether it stops at a file that was changed after it ran.
    refuses_edited: ClassVar[bool] = False

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab = lab
        self.folder = folder
        self.program, _ = self.provided()

    @classmethod
    def provided(cls) -> tuple[Path, str]:
        """The program and its version. `Unavailable` where this machine does not have it."""
        return provide(cls.name), RECIPES[cls.name].version

    @abstractmethod
    def files(self, migrations: Migrations) -> dict[str, str]:
        """The project's files: texts by path."""

    @abstractmethod
    def words(self) -> list[str]:
        """The command line that runs all that is pending."""

    def write(self, files: Mapping[str, str]) -> None:
        """Make these the files of the project."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(text.encode())

    def up(self) -> Ran:
        """Run all that is pending."""
        return self.run(self.words())

    def start(self) -> subprocess.Popen[bytes]:
        """Begin to run all that is pending, without waiting for it."""
        return subprocess.Popen(
            self.words(),
            cwd=self.folder,
            env={**os.environ, **self.environment()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def status(self) -> Ran:
        """What the tool says of the database; not `ok` where something is pending, failed or dirty."""
        raise NotImplementedError(f"{self.name} has no such command")

    def mark(self, command: Sequence[str]) -> Ran:
        """Run the command that Partway gives for marking a migration as done."""
        raise NotImplementedError(f"{self.name} has no such command")

    def run(self, words: Sequence[str]) -> Ran:
        """Run the tool with this command line."""
        done = subprocess.run(
            words,
            cwd=self.folder,
            env={**os.environ, **self.environment()},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            stdin=subprocess.DEVNULL,
        )
        return Ran(done.returncode == 0, done.stdout + done.stderr)

    def environment(self) -> dict[str, str]:
        """What the tool is told by variables."""
        return {}

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        assert isinstance(self.lab, SqliteLab)
        return self.lab.path

    @property
    def address(self) -> Address:
        """Where the server listens."""
        assert self.lab.address
        return self.lab.address

    @property
    def database(self) -> str:
        """The name of the database."""
        return self.lab.url.rpartition("/")[2]

    def by_dialect(self, postgresql: str, mysql: str, sqlite: str) -> str:
        """The text for this engine, with {host}, {port}, {user}, {database} and {path} filled in."""
        if self.lab.dialect == "sqlite":
            return sqlite.format(path=self.path)
        a = self.address
        chosen = postgresql if self.lab.dialect == "postgresql" else mysql
        return chosen.format(host=a.host, port=a.port, user=a.user, database=self.database)


class Flyway(Tool):
    """Flyway's core, as its command line drives it."""

    name = "flyway"
    refuses_edited = True

    def files(self, migrations: Migrations) -> dict[str, str]:
        found = {f"sql/V{number}__Step_{number}.sql": text for number, text in migrations.texts.items()}
        for number in migrations.alone:
            if number in migrations.texts:
                found[f"sql/V{number}__Step_{number}.sql.conf"] = "executeInTransaction=false\n"
        return found

    def command(self, command: str, **settings: str) -> list[str]:
        """The command line for one of Flyway's commands."""
        lib = self.program.parent
        url = self.by_dialect(
            "jdbc:postgresql://{host}:{port}/{database}?user={user}",
            "jdbc:mariadb://{host}:{port}/{database}?user={user}&permitMysqlScheme",
            "jdbc:sqlite:{path}",
        )
        told = {"url": url, "locations": f"filesystem:{self.folder}/sql", **settings}
        # Outside of a transaction PostgreSQL's own lock would make CREATE INDEX CONCURRENTLY wait for ever.
        told.setdefault("postgresql.transactional.lock", "false")
        pairs = [f"{name}={value}" for name, value in told.items()]
        return [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            f"{lib}:{lib}/*",
            "Flyway",
            command,
            *pairs,
        ]

    def words(self) -> list[str]:
        return self.command("migrate")

    def status(self) -> Ran:
        return self.run(self.command("validate"))


class GolangMigrate(Tool):
    """golang-migrate's command line. On PostgreSQL it is told to send statements one by one."""

    name = "golang-migrate"

    def files(self, migrations: Migrations) -> dict[str, str]:
        return {f"{number:06}_step.up.sql": text for number, text in migrations.texts.items()}

    def _url(self) -> str:
        return self.by_dialect(
            "postgres://{user}@{host}:{port}/{database}?sslmode=disable&x-multi-statement=true",
            "mysql://{user}@tcp({host}:{port})/{database}?multiStatements=true",
            "sqlite://{path}?x-no-tx-wrap=true",
        )

    def words(self) -> list[str]:
        return [str(self.program), "-path", ".", "-database", self._url(), "up"]

    def status(self) -> Ran:
        ran = self.run([*self.words()[:-1], "version"])
        last = max(int(path.name.partition("_")[0]) for path in self.folder.glob("*.up.sql"))
        return ran._replace(ok=ran.ok and ran.output.strip() == str(last))

    def mark(self, command: Sequence[str]) -> Ran:
        return self.run(
            [self._url() if word == "$DATABASE_URL" else word for word in [str(self.program), *command[1:]]]
        )


class Goose(Tool):
    """goose's command line."""

    name = "goose"

    def files(self, migrations: Migrations) -> dict[str, str]:
        return {
            f"{number:05}_step.sql": ("-- +goose NO TRANSACTION\n" if number in migrations.alone else "")
            + f"-- +goose Up\n{text}"
            for number, text in migrations.texts.items()
        }

    def words(self) -> list[str]:
        url = self.by_dialect(
            "postgres://{user}@{host}:{port}/{database}?sslmode=disable",
            "{user}@tcp({host}:{port})/{database}?parseTime=true",
            "{path}",
        )
        driver = {"postgresql": "postgres", "sqlite": "sqlite3"}.get(self.lab.dialect, "mysql")
        return [str(self.program), "-dir", ".", driver, url, "up"]

    def status(self) -> Ran:
        ran = self.run([*self.words()[:-1], "status"])
        return ran._replace(ok=ran.ok and "Pending" not in ran.output)


class Dbmate(Tool):
    """dbmate's command line."""

    name = "dbmate"

    def files(self, migrations: Migrations) -> dict[str, str]:
        return {
            f"db/migrations/{number:03}_step.sql": "-- migrate:up"
            + (" transaction:false" if number in migrations.alone else "")
            + f"\n{text}\n-- migrate:down\n"
            for number, text in migrations.texts.items()
        }

    def words(self) -> list[str]:
        url = self.by_dialect(
            "postgres://{user}@{host}:{port}/{database}?sslmode=disable",
            "mysql://{user}@{host}:{port}/{database}",
            "sqlite:{path}",
        )
        return [str(self.program), "--url", url, "--no-dump-schema", "up"]

    def status(self) -> Ran:
        return self.run([*self.words()[:-1], "status", "--exit-code"])


class Sqlx(Tool):
    """sqlx's command line."""

    name = "sqlx"
    refuses_edited = True

    def files(self, migrations: Migrations) -> dict[str, str]:
        return {
            f"migrations/{number:04}_a_step.sql": (
                "-- no-transaction\n" if number in migrations.alone else ""
            )
            + text
            for number, text in migrations.texts.items()
        }

    def words(self) -> list[str]:
        url = self.by_dialect(
            "postgres://{user}@{host}:{port}/{database}?sslmode=disable",
            "mysql://{user}@{host}:{port}/{database}?ssl-mode=disabled",
            "sqlite://{path}?mode=rwc",
        )
        return [str(self.program), "migrate", "run", "--no-dotenv", "-D", url]

    def status(self) -> Ran:
        program, migrate, _, *more = self.words()
        ran = self.run([program, migrate, "info", *more])
        return ran._replace(ok=ran.ok and "pending" not in ran.output and "different" not in ran.output)


_SCHEMA = """\
datasource db {
  provider = "PROVIDER"
  url = env("DATABASE_URL")
}
"""


class Prisma(Tool):
    """Prisma's command line, with its schema engine as WebAssembly: what its packages bring without a download. That
    one knows PostgreSQL and SQLite alone."""

    name = "prisma"
    engines = ("postgresql18", "sqlite")

    def files(self, migrations: Migrations) -> dict[str, str]:
        provider = self.lab.dialect
        found = {
            f"prisma/migrations/202401{number:02}000000_step/migration.sql": text
            for number, text in migrations.texts.items()
        }
        found["prisma/migrations/migration_lock.toml"] = f'provider = "{provider}"\n'
        found["prisma/schema.prisma"] = (
            f'datasource db {{\n  provider = "{provider}"\n  url = env("DATABASE_URL")\n}}\n'
        )
        found["prisma.config.mjs"] = (HERE / "prisma.config.mjs").read_text()
        return found

    def write(self, files: Mapping[str, str]) -> None:
        super().write(files)
        (self.folder / "node_modules").symlink_to(self.program.parent.parent)

    def environment(self) -> dict[str, str]:
        url = self.by_dialect("postgresql://{user}@{host}:{port}/{database}", "", "file:{path}")
        # The engines that it would download are never run; that they are there is all that it asks.
        nothing = self.folder / "prisma.config.mjs"
        return {
            "DATABASE_URL": url,
            "PRISMA_QUERY_ENGINE_LIBRARY": str(nothing),
            "PRISMA_SCHEMA_ENGINE_BINARY": str(nothing),
            "CHECKPOINT_DISABLE": "1",
            "PRISMA_HIDE_UPDATE_MESSAGE": "1",
        }

    def words(self) -> list[str]:
        return [str(self.program), "migrate", "deploy"]

    def status(self) -> Ran:
        return self.run([str(self.program), "migrate", "status"])

    def mark(self, command: Sequence[str]) -> Ran:
        return self.run([str(self.program), *command[2:]])


class Supabase(Tool):
    """The library that the Supabase command line applies migrations by."""

    name = "supabase"
    engines = ("postgresql18",)

    def files(self, migrations: Migrations) -> dict[str, str]:
        return {
            f"supabase/migrations/202401{number:02}000000_step.sql": text
            for number, text in migrations.texts.items()
        }

    def words(self) -> list[str]:
        url = self.by_dialect("postgres://{user}@{host}:{port}/{database}?sslmode=disable", "", "")
        return [str(self.program), url]
