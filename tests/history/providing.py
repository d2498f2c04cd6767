"""Provides the real tools that are no Python packages, each once, in a folder that later runs find: from the tool's own
package manager. `python -m tests.history.providing` provides all of them.

Those that are `heavy` (minutes of compiling, hundreds of megabytes) are only provided by that command; the others by
the first test that wants them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.engines.process import Unavailable

HERE = Path(__file__).parent
FOLDER = Path(os.environ.get("PARTWAY_TEST_TOOLS") or "/var/tmp/partway-tools")
# A download that hangs must not hold up the tests.
TIMEOUT = 600

_POM = """\
<project><modelVersion>4.0.0</modelVersion><groupId>partway</groupId><artifactId>tools</artifactId><version>1</version>
<dependencies>{}</dependencies></project>
"""
_JARS = {
    "org.flywaydb:flyway-core": "11.20.0",
    "org.flywaydb:flyway-mysql": "11.20.0",
    "org.flywaydb:flyway-database-postgresql": "11.20.0",
    "org.postgresql:postgresql": "42.7.4",
    "org.mariadb.jdbc:mariadb-java-client": "3.4.1",
    "org.xerial:sqlite-jdbc": "3.46.1.3",
}


def _pom() -> str:
    one = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"
    return _POM.format("".join(one.format(*name.split(":"), version) for name, version in _JARS.items()))


@dataclass(frozen=True)
class Recipe:
    """How a tool comes into a folder of its own. `makes` is what is there afterwards, `needs` are the programs that it
    takes, `files` are written first."""

    version: str
    makes: str
    needs: Sequence[str]
    commands: Sequence[Sequence[str]]
    files: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    heavy: bool = False


_NPM = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", ".")
_GOOSE_TAGS = "no_clickhouse no_libsql no_mssql no_turso no_vertica no_ydb"
_MIGRATE_TAGS = "postgres mysql sqlite"
_SQLX = (
    "--locked",
    "--no-default-features",
    "--features",
    "rustls,postgres,mysql,sqlite",
    "--root",
    ".",
    "--debug",
)
RECIPES = {
    "dbmate": Recipe("2.36.0", "node_modules/.bin/dbmate", ["npm", "node"], [[*_NPM, "dbmate@2.36.0"]]),
    "goose": Recipe(
        "3.29.0",
        "goose",
        ["go"],
        [["go", "install", "-tags", _GOOSE_TAGS, "github.com/pressly/goose/v3/cmd/goose@v3.29.0"]],
        environment={"GOBIN": "{folder}", "GOFLAGS": "-modcacherw"},
        heavy=True,
    ),
    "golang-migrate": Recipe(
        "4.20.1",
        "migrate",
        ["go"],
        [
            [
                "go",
                "install",
                "-tags",
                "postgres mysql sqlite",
                "github.com/golang-migrate/migrate/v4/cmd/migrate@v4.20.1",
            ]
        ],
        environment={"GOBIN": "{folder}", "GOFLAGS": "-modcacherw"},
        heavy=True,
    ),
    "flyway": Recipe(
        "11.20.0",
        "lib/Flyway.class",
        ["mvn", "java", "javac"],
        [
            ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"],
            ["javac", "-cp", "lib/*", "-d", "lib", str(HERE / "Flyway.java")],
        ],
        {"pom.xml": _pom()},
    ),
    "sqlx": Recipe(
        "0.9.0",
        "bin/sqlx",
        ["cargo"],
        [["cargo", "install", "sqlx-cli", "--version", "0.9.0", *_SQLX]],
        heavy=True,
    ),
    "prisma": Recipe(
        "6.19.0",
        "node_modules/.bin/prisma",
        ["npm", "node"],
        [[*_NPM, "prisma@6.19.0", "@prisma/adapter-pg@6.19.0", "@prisma/adapter-libsql@6.19.0"]],
        heavy=True,
    ),
}
#: The library is in no registry, so a checkout of it is taken: the folder apps/cli-go/pkg of the repository.
SUPABASE = os.environ.get("PARTWAY_TEST_SUPABASE", "")
_GO_MOD = f"""\
module partway/supabase
go 1.25.0
require (
	github.com/jackc/pgx/v4 v4.18.3
	github.com/supabase/cli/pkg v0.0.0
)
replace github.com/supabase/cli/pkg => {SUPABASE}
"""
RECIPES["supabase"] = Recipe(
    "2026.06",
    "supabase-migrate",
    ["go"],
    [["go", "mod", "tidy"], ["go", "build", "-o", "supabase-migrate", "."]],
    {"go.mod": _GO_MOD, "main.go": (HERE / "supabase.go").read_text()},
    heavy=True,
)


def provide(tool: str, heavy: bool = False) -> Path:
    """What the tool is run by. `Unavailable` with the reason where it is not there and cannot be had now."""
    recipe = RECIPES[tool]
    folder = FOLDER / f"{tool}-{recipe.version}"
    made = folder / recipe.makes
    if made.exists():
        return made
    if recipe.heavy and not heavy:
        raise Unavailable("it is not provided yet, and takes long")
    missing = [name for name in recipe.needs if not shutil.which(name)]
    if missing:
        raise Unavailable(f"there is no {', '.join(missing)}")
    if tool == "supabase" and not SUPABASE:
        raise Unavailable("PARTWAY_TEST_SUPABASE names no checkout of its library")
    part = folder.with_name(f"{folder.name}.{os.getpid()}")
    part.mkdir(parents=True)
    try:
        for name, text in recipe.files.items():
            (part / name).write_text(text)
        environment = {name: value.format(folder=part) for name, value in recipe.environment.items()}
        for command in recipe.commands:
            done = subprocess.run(
                command,
                cwd=part,
                env={**os.environ, **environment},
                capture_output=True,
                text=True,
                timeout=TIMEOUT,
                stdin=subprocess.DEVNULL,
            )
            if done.returncode:
                raise Unavailable(f"{' '.join(command[:3])} failed: {(done.stderr or done.stdout)[-500:]}")
        if not folder.exists():
            part.replace(folder)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def main() -> int:
    """Provide every tool, or those that are named, and say which there are."""
    failed = 0
    for tool in sys.argv[1:] or RECIPES:
        try:
            print(f"{tool}: {provide(tool, heavy=True)}")
        except Unavailable as error:
            failed += 1
            print(f"{tool}: {error}")
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
