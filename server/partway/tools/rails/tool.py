"""How Rails's migrations are recognised, and what gives their database away."""

from __future__ import annotations

import re

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".rb",)
SESSION_RESTORES: frozenset[str] = frozenset()

_CLASS = re.compile(r"^\s*class\s+[\w:]+\s*<\s*(?:::)?([\w:.]*Migration\w*)", re.MULTILINE)
_METHODS = re.compile(r"^\s*def\s+(?:self\.)?(?:change|up)\b", re.MULTILINE)
_POSTGRESQL = re.compile(
    r"\benable_extension\b|\balgorithm:\s*:concurrently|:algorithm\s*=>\s*:concurrently|\bt\.(?:jsonb|uuid|hstore|citext|inet|tsvector)\b"
    r"|\bcreate_enum\b|\busing:\s*:?['\"]?(?:gin|gist|brin)\b|,\s*:(?:jsonb|hstore|citext|tsvector|timestamptz)\b|\barray:\s*true"
)
_MYSQL = re.compile(
    r"ENGINE\s*=\s*InnoDB|\bt\.(?:mediumtext|longtext|tinytext|mediumblob|longblob|unsigned_\w+)\b|\bcharset:\s*['\"]utf8"
    r"|\bcollation:\s*['\"]utf8|\btype:\s*:fulltext|\bunsigned:\s*true",
    re.IGNORECASE,
)


def recognise(file: Candidate) -> Certainty:
    """A class that inherits from a migration; in `db/migrate` also one of another parent with `change` or `up`."""
    found = _CLASS.search(file.head)
    if found is not None:
        return Certainty.SURE
    if "migrate" in file.place.folders[-2:] or any("migrat" in folder for folder in file.place.folders[-2:]):
        return Certainty.LIKELY if _METHODS.search(file.head) else Certainty.NO
    return Certainty.NO


def dialect_of_text(text: str) -> str | None:
    """The dialect whose own types and options a migration uses; None where it uses none, or those of several."""
    postgresql, mysql = _POSTGRESQL.search(text), _MYSQL.search(text)
    if bool(postgresql) is bool(mysql):
        return None
    return "postgresql" if postgresql else "mysql"
