"""Which files a walk through a folder takes for migrations."""

from __future__ import annotations

import os
import re
from functools import cache, lru_cache
from typing import NamedTuple

from partway.tools.evidence import dialect_of_path, foreign_to, is_foreign
from partway.tools.place import Candidate, Certainty, Place, place
from partway.tools.registry import tools, tools_for

#: Folders whose SQL is not run on a database that anyone keeps, or is no migration.
_OTHER_FOLDERS = frozenset(
    (
        "__tests__", "e2e", "fixture", "fixtures", "golden", "mocks", "node_modules", "queries", "query", "seed",
        "seeds", "seeders", "snapshots", "spec", "specs", "stub", "stubs", "test", "test-data", "test_data", "testdata",
        "testfixtures", "testing", "tests", "third_party", "vendor",
    )
)  # fmt: skip
#: Folders of migrations that are kept, and run by nobody any more; South came before Django's own.
_ASIDE = "archived?|backup|bak|disabled|obsolete|old|saved?|unused"
_SET_ASIDE = re.compile(
    rf"(?:\w*[^a-z])?migrat\w*?[._-](?:{_ASIDE})|(?:{_ASIDE}|south)[._-](?:\w*[^a-z])?migrat\w*"
)
_OTHER_NAMES = re.compile(
    r"(?:structure|schema|latest|dump|backup|seeds?|queries|query|fixtures?|testdata|sample[_-]?data|demo[_-]?data)\.sql"
    r"|.*[._-](?:dump|seeds?|test|spec|queries|structure)\.sql",
    re.IGNORECASE,
)
_MIGRATION_FOLDERS = re.compile(
    r"(?:^|.*[^a-z])(?:db)?(?:migrations?|migrate|sqls|evolutions|changesets?)(?:[^a-z].*)?$"
)
#: A folder that is about the moving of something, which is no more than a place for scripts: `shop-migration-backfill`.
_OF_SOMETHING = re.compile(
    r".*[a-z\d][^a-z\d]migration[^a-z\d](?!(?:scripts?|files?|sqls?|up|down|v?\d)\b).*"
)
_NUMBERED = re.compile(r"(?:v_?)?\d+[._\-]", re.IGNORECASE)
_DIRECTED = re.compile(r".+[._-](?:up|down|do|undo)\.sql", re.IGNORECASE)
_OTHER_TEXT = re.compile(
    r"^--\s*name:\s*\S+\s+:\w+"  # sqlc's queries
    r"|^--\s*(?:PostgreSQL database dump|MySQL dump|MariaDB dump)",
    re.MULTILINE,
)
_NEAR = 4


def is_migration(path: str, head: str | None, base: str = "") -> bool:
    """Whether a walk should take this file for a migration.

    `head` is the beginning of its text, None when only the path can be judged. `base` is the folder that the walk began
    in: folders above it count as places of migrations, but not against it (who asks for `tests/migrations` gets it).
    """
    by_place = _by_place(path, base)
    if by_place is None:
        return False
    if by_place.program:  # its place alone makes it no migration
        return _recognised(by_place.here, head) >= Certainty.LIKELY
    if head is not None and not by_place.speaks and is_foreign(head):
        return False
    other = head is not None and not by_place.numbered and _OTHER_TEXT.search(head)
    if not other and by_place.among:
        return True
    return _recognised(by_place.here, head) >= Certainty.LIKELY


class _ByPlace(NamedTuple):
    """What a file's place says: whether it is a program, names a dialect, has a number, is one of migrations."""

    here: Place
    program: bool
    speaks: bool
    numbered: bool
    among: bool


@lru_cache(maxsize=64)
def _by_place(path: str, base: str) -> _ByPlace | None:
    """What the place says, asked with each key typed in a file; None where it makes the file no migration."""
    here = place(path)
    name = here.name.lower()
    if not name.endswith(_suffixes()):
        return None
    folders = place(_relative(path, base)).folders if base else here.folders
    if _set_aside(folders) or foreign_to(path):
        return None
    if not name.endswith(".sql"):
        return _ByPlace(here, program=True, speaks=False, numbered=False, among=False)
    if _OTHER_NAMES.fullmatch(name):
        return None
    speaks, numbered = dialect_of_path(path) is not None, bool(_NUMBERED.match(name))
    among = _among_migrations(path, here, ordered=speaks or numbered)
    return _ByPlace(here, program=False, speaks=speaks, numbered=numbered, among=among)


@lru_cache(maxsize=256)
def _set_aside(folders: tuple[str, ...]) -> bool:
    """Whether a folder is none of migrations that anyone runs."""
    return not _OTHER_FOLDERS.isdisjoint(folders) or any(map(_SET_ASIDE.fullmatch, folders))


def _recognised(here: Place, head: str | None) -> Certainty:
    """How surely any tool calls this file its own."""
    file = Candidate(here, head or "")
    return max((tool.recognise(file) for _, tool in tools_for(here.name)), default=Certainty.NO)


def _relative(path: str, base: str) -> str:
    start = base.rstrip(os.sep) + os.sep
    return path[len(start) :] if path.startswith(start) else os.path.relpath(path, base)


@cache
def _suffixes() -> tuple[str, ...]:
    """How files that any tool knows end."""
    return tuple({suffix for tool in tools().values() for suffix in tool.SUFFIXES})


def _among_migrations(path: str, here: Place, *, ordered: bool) -> bool:
    """Whether the place is one of migrations: a folder called so near the file, or a direction in its name. Files that
    are not `ordered`, by numbers or for databases, are none where the folder may be about the moving of anything."""
    folders = here.folders if os.path.isabs(path) else place(os.path.abspath(path)).folders
    if _of_migrations(folders[-_NEAR:], ordered=ordered or bool(_DIRECTED.fullmatch(here.name))):
        return True
    return bool(_DIRECTED.fullmatch(here.name)) and bool(_NUMBERED.match(here.name))


@lru_cache(maxsize=256)
def _of_migrations(folders: tuple[str, ...], *, ordered: bool) -> bool:
    return any(
        _MIGRATION_FOLDERS.match(folder) and (ordered or not _OF_SOMETHING.fullmatch(folder))
        for folder in folders
    )
