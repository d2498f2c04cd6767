"""What `partway lint` must not load: it would start slowly, or do what belongs on another floor."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

# Measured against a bare interpreter, each of these alone takes longer than linting a small file.
HEAVY = {"lsprotocol", "psycopg", "pygls", "pymysql", "sqlalchemy", "tree_sitter"}
# Under the GPL, or a second opinion that would then agree with itself.
FOR_TESTS_ONLY = {"pglast", "postgast", "sqlfluff"}

# Of the standard library of this Python or of that one.
OF_ANOTHER_PYTHON = {"_sha2", "_sha256"}

PROBE = """
import io, json, sys
from contextlib import redirect_stdout
from partway.cli.main import main
with redirect_stdout(io.StringIO()):
    code = main(["lint", "--dialect", "postgresql", sys.argv[1]])
print(json.dumps([code, sorted(sys.modules)]))
"""


def imported_names(path: Path) -> set[str]:
    """The top-level packages that a source file imports, wherever in the file it does."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_lint_loads_no_server_and_no_driver(tmp_path: Path) -> None:
    migration = tmp_path / "001_roles.sql"
    migration.write_text("CREATE TABLE IF NOT EXISTS roles (id bigint PRIMARY KEY);\n")
    probe = subprocess.run(
        [sys.executable, "-c", PROBE, str(migration)],
        text=True,
        capture_output=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert probe.returncode == 0, probe.stderr
    code, modules = json.loads(probe.stdout)
    assert code == 0
    assert not HEAVY & {name.partition(".")[0] for name in modules}


def test_shipped_code_imports_what_it_declares(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text())["project"]
    declared = {requirement.split(">")[0].split("[")[0].lower() for requirement in project["dependencies"]}
    for path in (repository / "server").rglob("*.py"):
        foreign = imported_names(path) - set(sys.stdlib_module_names) - OF_ANOTHER_PYTHON - {"partway"}
        assert not foreign & FOR_TESTS_ONLY, path
        assert {name.lower().replace("_", "-") for name in foreign} <= declared, path
