"""How Django's migrations are recognised: Python files in an app's `migrations` folder that hold a Migration class."""

from __future__ import annotations

import re

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".py",)
SESSION_RESTORES: frozenset[str] = frozenset()

_IMPORTS = re.compile(
    r"^\s*(?:from\s+django\.db\s+import\b.*\bmigrations\b|(?:from|import)\s+django\.db\.migrations\b"
    r"|from\s+django\.db\s+import\s*\()",
    re.MULTILINE,
)
_CLASS = re.compile(r"^class\s+Migration\s*\(", re.MULTILINE)
_POSTGRESQL = re.compile(r"^\s*(?:from|import)\s+django\.contrib\.postgres\b", re.MULTILINE)


def recognise(file: Candidate) -> Certainty:
    """By the class, which the loader asks for, or by the import above a long file; the folder alone is a hint."""
    head, folders = file.head, file.place.folders
    among = "migrations" in folders
    imports = "django" in head and _IMPORTS.search(head) is not None
    if not imports and not among:
        return Certainty.NO
    has_class = "Migration" in head and _CLASS.search(head) is not None
    if not has_class and "django" in folders and _is_django_itself(folders):
        return Certainty.NO
    if imports:
        return Certainty.SURE if among or has_class else Certainty.POSSIBLE
    return Certainty.LIKELY if has_class else Certainty.NO


def _is_django_itself(folders: tuple[str, ...]) -> bool:
    """Whether a file may be of Django's own package for migrations, in a copy inside of a project."""
    return any(folders[at : at + 3] == ("django", "db", "migrations") for at in range(len(folders) - 2))


def dialect_of_text(text: str) -> str | None:
    """PostgreSQL where its own fields or operations are imported."""
    return "postgresql" if "django.contrib.postgres" in text and _POSTGRESQL.search(text) else None
