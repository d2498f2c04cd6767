"""How Alembic's revisions are recognised: by the identifiers that each of them states."""

from __future__ import annotations

import re
from collections.abc import Iterable

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".py",)
SESSION_RESTORES: frozenset[str] = frozenset()

_REVISION = re.compile(r"^revision\s*(?::[^=\n]+)?=", re.MULTILINE)
#: What the template writes above them, where a long text stands before the code.
_DOCUMENTED = re.compile(r"^Revision ID: *\S+[ \t]*\r?\nRevises:", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision\s*(?::[^=\n]+)?=", re.MULTILINE)
# Types and options of one database, by the module that they come from. A file that names two speaks for none.
_MODULES = re.compile(r"\bsqlalchemy\.dialects(?:\.|\s+import\s+)(postgresql|mysql|mariadb|sqlite)\b")
_KEYWORDS = re.compile(
    r"\b(postgresql|mysql|mariadb|sqlite)_(?:where|using|concurrently|ops|include|engine|charset)="
)


def recognise(file: Candidate) -> Certainty:
    """`revision` and `down_revision`, which the template of `alembic revision` writes and Alembic demands."""
    head = file.head
    # A word is looked for in a tenth of a pattern's time, and most programs do not have it.
    if "evision" not in head:
        return Certainty.NO
    if _REVISION.search(head) is None:
        return Certainty.LIKELY if _DOCUMENTED.search(head) else Certainty.NO
    return Certainty.SURE if _BEFORE.search(head) else Certainty.LIKELY


_NAMES = re.compile(r"postgres|mysql|mariadb|sqlite", re.IGNORECASE)


def dialect_of_text(text: str) -> str | None:
    """The one dialect whose own types and options the revision uses, if it asks nowhere which dialect runs it, and has
    no types that are others elsewhere."""
    if "with_variant" in text or "dialect" in text.replace("sqlalchemy.dialects", "").replace("_dialect", ""):
        return None
    found = {match[1] for pattern in (_MODULES, _KEYWORDS) for match in pattern.finditer(text)}
    return found.pop() if len(found) == 1 else None


def dialect_of_neighbours(texts: Iterable[str]) -> str | None:
    """The dialect that the revisions of a project are written for: the one whose options their tables and indexes are
    given. "several" where they only speak of another than SQLite, or have options for two; None where they do not."""
    options: set[str] = set()
    named: set[str] = set()
    for text in texts:
        options.update(match[1] for match in _KEYWORDS.finditer(text))
        named.update(match[0].lower() for match in _NAMES.finditer(text))
    if len(options) == 1:
        return options.pop()
    return "several" if named - {"sqlite"} else None
