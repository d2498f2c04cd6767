"""How Rails's migrations are recognised, and what gives their database away."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".rb",)
SESSION_RESTORES: frozenset[str] = frozenset()

_CLASS = re.compile(r"^\s*class\s+[\w:]+\s*<\s*(?:::)?([\w:.]*Migration\w*)", re.MULTILINE)
_METHODS = re.compile(r"^\s*def\s+(?:self\.)?(?:change|up)\b", re.MULTILINE)
# What only one database has, by a word that must stand there before it is worth looking more closely: looking for words
# is a hundred times as fast as one pattern for all, and most texts have none of them. The text is in lower case.
_POSTGRESQL = {
    "enable_extension": r"\benable_extension\b",
    "concurrently": r"\balgorithm:\s*:concurrently|:algorithm\s*=>\s*:concurrently",
    "create_enum": r"\bcreate_enum\b",
    "using": r"\busing:\s*:?['\"]?(?:gin|gist|brin)\b",
    "array": r"\barray:\s*true",
    "timestamptz": r",\s*:timestamptz\b",
    **{word: rf"\bt\.{word}\b" for word in ("uuid", "inet")},
    **{word: rf"(?:\bt\.|,\s*:){word}\b" for word in ("jsonb", "hstore", "citext", "tsvector")},
}
_MYSQL = {
    "engine": r"engine\s*=\s*innodb",
    "unsigned": r"\bt\.unsigned_\w+\b|\bunsigned:\s*true",
    "charset": r"\bcharset:\s*['\"]utf8",
    "collation": r"\bcollation:\s*['\"]utf8",
    "fulltext": r"\btype:\s*:fulltext",
    **{word: rf"\bt\.{word}\b" for word in ("mediumtext", "longtext", "tinytext", "mediumblob", "longblob")},
}


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
    lower = text.lower()
    postgresql, mysql = _speaks(lower, _POSTGRESQL), _speaks(lower, _MYSQL)
    if postgresql is mysql:
        return None
    return "postgresql" if postgresql else "mysql"


def _speaks(lower: str, signs: Mapping[str, str]) -> bool:
    return any(word in lower and re.search(sign, lower) for word, sign in signs.items())
