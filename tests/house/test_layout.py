"""The house rules that a linter does not know."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import yaml

DIALECTS = {"postgresql", "mysql", "mariadb", "sqlite"}
MOST_LINES = 400  # files of 50 to 300 lines are the aim; beyond this a newcomer does not know the room


def test_every_module_has_a_floor(repository: Path) -> None:
    """A new top-level module must be put on a floor, or nothing holds it to one."""
    contracts = tomllib.loads((repository / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    (floors,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    placed = set(re.findall(r"\w+", " ".join(floors)))
    there = {
        path.stem
        for path in (repository / "server/partway").iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
    }
    assert there - {"__init__", "__main__"} <= placed


def test_nothing_outside_the_tables_compares_a_dialect(repository: Path) -> None:
    """`if dialect ==` spreads what a table should say."""
    found = []
    for path in sorted((repository / "server/partway").rglob("*.py")):
        if "dialects" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                constants = {leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant)}
                if constants & DIALECTS and "dialect" in ast.unparse(node):
                    found.append(f"{path.relative_to(repository)}:{node.lineno}: {ast.unparse(node)}")
    assert not found


def test_a_tool_offers_nothing_but_its_modules(repository: Path) -> None:
    """What a tool's __init__.py held, another tool could take without the contract between tools seeing it."""
    for tool in (repository / "server/partway/tools").glob("*/__init__.py"):
        statements = ast.parse(tool.read_text(encoding="utf-8")).body
        assert all(isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) for one in statements), (
            tool
        )


def test_files_are_small_enough_to_find_ones_way(repository: Path) -> None:
    sizes = {
        str(path.relative_to(repository)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("server", "tests")
        for path in (repository / folder).rglob("*.py")
    }
    assert {path: lines for path, lines in sizes.items() if lines > MOST_LINES} == {}


def test_hooks_lint_and_fix(repository: Path) -> None:
    hooks = yaml.safe_load((repository / ".pre-commit-hooks.yaml").read_text())
    assert {hook["id"]: hook["entry"] for hook in hooks} == {
        "partway": "partway lint --force-exclude",
        "partway-fix": "partway lint --fix --force-exclude",
    }
    assert all(hook["language"] == "python" for hook in hooks)
