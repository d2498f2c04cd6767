"""Reads env.py, and the modules that it has its metadata from, as programs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partway.tools.alembic.environment import Said
from partway.tools.alembic.modules import HOPS, found, module
from partway.tools.beside import Beside
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import Call, Ref
from partway.tools.trees import query

_LEFT_ALONE = re.compile(r"isolation_level\s*=\s*None|autocommit\s*=\s*False")


def read_env(path: str, beside: Beside) -> tuple[Said, tuple[str, ...]]:
    """What an env.py says, and the files that it follows from."""
    program = Program(beside.text(path))
    relied = [path]
    said = Said(autocommit=_autocommits(program.text), begins=_begins(program.text))
    name = "target_metadata"
    for call in _configured(program):
        per_migration = call.get("transaction_per_migration")
        transactional = call.get("transactional_ddl")
        said = said._replace(
            per_migration=per_migration if isinstance(per_migration, bool) else said.per_migration,
            transactional_ddl=transactional if isinstance(transactional, bool) else said.transactional_ddl,
        )
        metadata = call.argument("target_metadata")
        if metadata is not None:
            name = program.tree.said(metadata.node)
    if name in program.constants or name.partition(".")[0] in {*program.constants, *program.imports}:
        said = said._replace(convention=_convention(program, name, path, beside, relied))
    return said, tuple(relied)


def _autocommits(text: str) -> bool:
    at = text.find("isolation_level")
    return at >= 0 and "AUTOCOMMIT" in text[at : at + 60]


def _begins(text: str) -> bool:
    """Whether SQLite's driver is told to leave transactions alone, and BEGIN is sent instead, as SQLAlchemy's manual
    has it."""
    return "BEGIN" in text and _LEFT_ALONE.search(text) is not None


def _configured(program: Program) -> list[Call]:
    """The calls of `context.configure`, but for the one that offline mode has."""
    if "configure" not in program.text:
        return []
    nodes = program.tree.captures(query("python", "alembic/env.scm")).get("configure", [])
    calls: list[tuple[bool, Call]] = []
    for node in nodes:
        scope = Scope(program)
        function = node.parent
        while function is not None and function.type != "function_definition":
            function = function.parent
        offline = False
        if function is not None:
            name = function.child_by_field_name("name")
            offline = name is not None and "offline" in program.tree.said(name)
        value = scope.value(node)
        if isinstance(value, Call):
            calls.append((not offline, value))
    online = [call for is_online, call in calls if is_online]
    return online or [call for _, call in calls]


def _convention(
    program: Program, name: str, path: str, beside: Beside, relied: list[str]
) -> Mapping[str, str] | None:
    """The naming convention of the metadata that env.py calls by this name."""
    seen: set[str] = set()
    for _ in range(HOPS):
        if "naming_convention" in program.text:
            written = _written(program)
            if written is not None:
                return written
        origin = _origin(program, name)
        if origin in seen:
            break
        seen.add(origin)
        file, name = found(origin, path, beside)
        if not file:
            break
        relied.append(file)
        path, program = file, module(file, beside)
    return {}


def _written(program: Program) -> Mapping[str, str] | None:
    """The convention that is handed to a MetaData in this file; None where there is none."""
    for node in program.tree.captures(query("python", "alembic/env.scm")).get("convention", []):
        value = Scope(program).value(node)
        if isinstance(value, dict):
            return {str(key): str(each) for key, each in value.items() if isinstance(each, Text)}
    return None


def _origin(program: Program, name: str) -> str:
    """The full path of a name such as `Base.metadata`, which an import of this file binds; empty if none does."""
    for _ in range(HOPS):
        first, _, rest = name.partition(".")
        node = program.constants.get(first)
        if node is None:
            break
        value = Scope(program).value(node)
        if isinstance(value, Ref):
            path = value.path
            if path.partition(".")[0] != first:
                return f"{path}.{rest}" if rest else path
        name = program.tree.said(node)
        if len(name) > 200:
            return ""
    first, _, rest = name.partition(".")
    path = program.imports.get(first, "")
    return f"{path}.{rest}" if path and rest else path
