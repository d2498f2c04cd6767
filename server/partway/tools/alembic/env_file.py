"""Reads env.py as a program: how it runs revisions, and whose metadata it hands to Alembic."""

from __future__ import annotations

import re

from partway.tools.alembic.environment import Said
from partway.tools.alembic.metadata import Following
from partway.tools.beside import Beside
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_values import Call, Ref
from partway.tools.trees import query

_LEFT_ALONE = re.compile(r"isolation_level\s*=\s*None|autocommit\s*=\s*False")
_SENT = re.compile(r"\bexec\w*\(\s*(?:[\w.]*text\(\s*)?[fr]?[\"']\s*BEGIN\b", re.IGNORECASE)


def read_env(path: str, beside: Beside) -> tuple[Said, tuple[str, ...]]:
    """What an env.py says, and the files that it follows from."""
    program = Program(beside.text(path))
    said = Said(autocommit=_autocommits(program.text), begins=_begins(program.text))
    calls = _configured(program)
    for call in calls:
        per_migration = call.get("transaction_per_migration")
        transactional = call.get("transactional_ddl")
        said = said._replace(
            per_migration=per_migration if isinstance(per_migration, bool) else said.per_migration,
            transactional_ddl=transactional if isinstance(transactional, bool) else said.transactional_ddl,
        )
    # Where something else calls `configure`, the metadata has the name that everybody gives it.
    metadata = [call.get("target_metadata") for call in calls] or [Ref("target_metadata")]
    following = Following(beside)
    found = [following.convention(value, program, path) for value in metadata]
    said = said._replace(convention=found[0] if all(one == found[0] for one in found) else None)
    return said, (path, *following.relied)


def _autocommits(text: str) -> bool:
    at = text.find("isolation_level")
    return at >= 0 and "AUTOCOMMIT" in text[at : at + 60]


def _begins(text: str) -> bool:
    """Whether SQLite's driver is told to leave transactions alone, and BEGIN is sent instead, as SQLAlchemy's manual
    has it; or BEGIN is sent at least, and the driver told in another module."""
    return "BEGIN" in text and (_LEFT_ALONE.search(text) or _SENT.search(text)) is not None


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
        if isinstance(value, Call) and (not value.complete or value.path.endswith("context.configure")):
            calls.append((not offline, value))
    online = [call for is_online, call in calls if is_online]
    return online or [call for _, call in calls]
