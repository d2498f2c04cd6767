"""Several Alembic environments in one project, run by the real Alembic: each has revisions and books of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from partway.cli.main import main
from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.runners.alembic.runner import ENV, revision
from tests.runners.alembic.worker import DRIVERS
from tests.status.conftest import Status

ENGINES = ("postgresql18", "mysql", "sqlite")
_INI = "[alembic]\nscript_location = %(here)s\nsqlalchemy.url = ${URL}\n"
#: The same first lines in both, as projects have them that share a name.
USERS = "op.create_table('users', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.String(20)))"
ROLES = "op.create_table('roles', sa.Column('id', sa.Integer(), primary_key=True))"
EMAIL = "op.add_column('users', sa.Column('email', sa.String(50)))"
LEVEL = "op.add_column('roles', sa.Column('level', sa.Integer()))"


def env(**options: str) -> str:
    """An env.py whose `context.configure` has these options."""
    return ENV.format(metadata="", options="".join(f", {name}={value}" for name, value in options.items()))


def project(folder: Path, files: Mapping[str, str]) -> Path:
    """A project of these files."""
    (folder / ".git").mkdir(parents=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def upgrade(folder: Path, lab: Lab, ini: str, name: str = "alembic", to: str = "heads") -> None:
    """`alembic upgrade` with one section of one alembic.ini, in the lab's database."""
    driver, _ = DRIVERS[lab.engine.dialect if lab.engine.dialect != "mariadb" else "mysql"]
    url = f"{driver}:{lab.url.partition(':')[2]}".replace("%", "%%")
    text = (folder / ini).read_text()
    (folder / ini).write_text(text.replace("${URL}", url))
    command = [sys.executable, "-m", "alembic", "-c", ini, "-n", name, "upgrade", to]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    (folder / ini).write_text(text)
    assert done.returncode == 0, done.stderr


def both(first: str, second: str, ids: tuple[str, str] = ("a", "b")) -> dict[str, str]:
    """Two environments with two revisions each: `store` and `auth`."""
    one, other = ids
    return {
        "store/alembic.ini": _INI,
        "store/env.py": first,
        f"store/versions/{one}1_users.py": revision(f"{one}1", None, USERS),
        f"store/versions/{one}2_email.py": revision(f"{one}2", f"{one}1", EMAIL),
        "auth/alembic.ini": _INI,
        "auth/env.py": second,
        f"auth/versions/{other}1_roles.py": revision(f"{other}1", None, ROLES),
        f"auth/versions/{other}2_level.py": revision(f"{other}2", f"{other}1", LEVEL),
    }


def test_two_databases_with_a_table_of_the_same_name(labs: Labs, status: Status, tmp_path: Path) -> None:
    lab = labs("sqlite")
    lab.fresh()
    folder = project(tmp_path, both(env(), env()))
    upgrade(folder, lab, "store/alembic.ini")
    said = status(folder, lab.url)
    assert said.verdicts() == {
        "a1_users": "complete",
        "a2_email": "complete",
        "b1_roles": "pending",
        "b2_level": "pending",
    }
    assert said.code == 0
    # Each has one head.
    assert "heads" not in said.complaints

    lab.fresh()
    upgrade(folder, lab, "auth/alembic.ini", to="b1")
    assert status(folder, lab.url).verdicts() == {
        "a1_users": "pending",
        "a2_email": "pending",
        "b1_roles": "complete",
        "b2_level": "pending",
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_one_database_with_two_tables(engine: str, labs: Labs, status: Status, tmp_path: Path) -> None:
    lab = labs(engine)
    lab.fresh()
    constant = env(version_table="VERSION_TABLE").replace(
        "config =", "VERSION_TABLE = 'auth_version'\nconfig ="
    )
    folder = project(tmp_path, both(env(), constant, ids=("r", "r")))
    upgrade(folder, lab, "store/alembic.ini")
    upgrade(folder, lab, "auth/alembic.ini", to="r1")
    said = status(folder, lab.url)
    assert {one["path"].rpartition("/versions/")[2]: one["history"]["verdict"] for one in said.documents} == {
        "r1_users.py": "complete",
        "r2_email.py": "complete",
        "r1_roles.py": "complete",
        "r2_level.py": "pending",
    }
    assert {one["history"]["table"].rpartition(".")[2] for one in said.documents} == {
        "alembic_version",
        "auth_version",
    }
    assert said.code == 0
    assert said.complaints == ""
    alone = status(folder / "auth" / "versions" / "r2_level.py", lab.url)
    assert alone.documents[0]["history"]["verdict"] == "pending"
    assert alone.documents[0]["history"]["earlier"] == []


def test_what_another_environment_has_made_is_not_taken_for_ones_own(
    labs: Labs, status: Status, tmp_path: Path
) -> None:
    lab = labs("postgresql18")
    lab.fresh()
    files = both(env(), env(version_table="'auth_version'"))
    files["auth/versions/b1_roles.py"] = revision("b1", None, f"{USERS}\n{ROLES}")
    folder = project(tmp_path, files)
    upgrade(folder, lab, "store/alembic.ini")
    said = status(folder, lab.url)
    assert said.verdicts()["b1_roles"] == "pending"
    assert said.code == 0


SECTIONS = """\
[DEFAULT]
sqlalchemy.url = ${URL}

[store]
script_location = %(here)s/ops/store
version_locations = %(here)s/app/store/versions

[auth]
script_location = ops/auth
version_locations =
    app/auth/versions
    app/more/versions
version_path_separator = newline
"""


def test_sections_of_one_file(labs: Labs, status: Status, tmp_path: Path) -> None:
    lab = labs("sqlite")
    lab.fresh()
    folder = project(
        tmp_path,
        {
            "alembic.ini": SECTIONS,
            "ops/store/env.py": env(),
            "ops/auth/env.py": env(version_table="'auth_version'"),
            "app/store/versions/r1_users.py": revision("r1", None, USERS),
            "app/store/versions/r2_email.py": revision("r2", "r1", EMAIL),
            "app/auth/versions/r1_roles.py": revision("r1", None, ROLES),
            "app/more/versions/r2_level.py": revision("r2", "r1", LEVEL),
        },
    )
    upgrade(folder, lab, "alembic.ini", "store", to="r1")
    upgrade(folder, lab, "alembic.ini", "auth")
    said = status(folder, lab.url)
    assert {Path(one["path"]).stem: one["history"]["verdict"] for one in said.documents} == {
        "r1_users": "complete",
        "r2_email": "pending",
        "r1_roles": "complete",
        "r2_level": "complete",
    }
    assert said.code == 0
    assert said.complaints == ""


def test_sections_with_one_env(labs: Labs, status: Status, tmp_path: Path) -> None:
    """The table's name stands in the section, as `config.get_main_option` reads it."""
    lab = labs("sqlite")
    lab.fresh()
    sections = "".join(
        f"[{name}]\nsqlalchemy.url = ${{URL}}\nscript_location = %(here)s/ops\nversion_table = {name}_version\n"
        f"version_locations = %(here)s/ops/versions/{name}\n\n"
        for name in ("store", "auth")
    )
    folder = project(
        tmp_path,
        {
            "alembic.ini": sections,
            "ops/env.py": env(version_table="config.get_main_option('version_table')"),
            "ops/versions/store/r1_users.py": revision("r1", None, USERS),
            "ops/versions/auth/r1_roles.py": revision("r1", None, ROLES),
            "ops/versions/auth/r2_level.py": revision("r2", "r1", LEVEL),
        },
    )
    upgrade(folder, lab, "alembic.ini", "store")
    upgrade(folder, lab, "alembic.ini", "auth", to="r1")
    said = status(folder, lab.url)
    assert said.verdicts() == {"r1_users": "complete", "r1_roles": "complete", "r2_level": "pending"}
    assert (said.code, said.complaints) == (0, "")


def test_what_did_not_end_is_finished_in_its_own_environment(
    labs: Labs, status: Status, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lab = labs("mysql")
    lab.fresh()
    files = both(env(), env(version_table="'auth_version'"), ids=("r", "r"))
    files["auth/versions/r2_level.py"] = revision("r2", "r1", f"{LEVEL}\n{LEVEL.replace('level', 'rank')}")
    folder = project(tmp_path, files)
    upgrade(folder, lab, "store/alembic.ini")
    upgrade(folder, lab, "auth/alembic.ini", to="r1")
    lab.execute("ALTER TABLE roles ADD COLUMN level INTEGER")
    failed = folder / "auth/versions/r2_level.py"
    said = status(folder, lab.url)
    assert {one["path"].rpartition("/versions/")[2]: one["history"]["verdict"] for one in said.documents} == {
        "r1_users.py": "complete",
        "r2_email.py": "complete",
        "r1_roles.py": "complete",
        "r2_level.py": "half-way",
    }
    assert main(["resume", str(failed), "--database", lab.url]) == 0
    assert "alembic stamp r2" in "".join(capsys.readouterr())
    (written,) = set((folder / "auth/versions").iterdir()) - {failed, failed.with_name("r1_roles.py")}
    assert "down_revision = 'r2'" in written.read_text()
