"""Which files can hold a migration at all, told from the path alone: a walk asks it of every file it meets."""

from __future__ import annotations

import re

#: How files that hold migrations end. A test holds this against what each tool says of itself.
SUFFIXES = (".sql", ".rb", ".py")
#: Those of them that are programs.
PROGRAMS = (".rb", ".py")
# Rails runs no file whose name does not begin with its version; and a project has thousands of other programs. What an
# engine's migration was copied from stands behind a full stop: 20240101_create_x.active_storage.rb.
_RUBY = re.compile(r"\d+_\w+(?:\.\w+)?\.rb", re.IGNORECASE)
# Alembic takes any name, such as 2024-01-02-10.30.00_add_users.py: it loads its revisions by their paths.
_PYTHON = re.compile(r"(?!__init__|env\.py$|\.).+\.py", re.IGNORECASE)
_FOLDER = re.compile(r"migrat|alembic|versions", re.IGNORECASE)
#: So many folders above a program are asked whether they are called after migrations.
_NEAR = 3


def may_hold(path: str, name: str) -> bool:
    """Whether the file at this absolute path with forward slashes, whose name this is, can be a migration."""
    lower = name.lower()
    if lower.endswith(".sql"):
        return True
    if lower.endswith(".rb"):
        return bool(_RUBY.fullmatch(name))
    if lower.endswith(".py"):
        folders = path.split("/")[-_NEAR - 1 : -1]
        return bool(_PYTHON.fullmatch(name)) and any(map(_FOLDER.search, folders))
    return False
