"""The statement set: reads the YAML files beside this module.

A folder holds one dialect family, a file one topic. `base.sql` of the folder runs before every case, then the topic's
`setup`, then the case's own. A case is a statement, or a mapping with

- `sql`: one statement as a migration would have it, or a list of statements that make one guard together;
- `setup`: SQL which lets it succeed the first time; an entry `fails:` has to fail, and leaves what a failure leaves;
- `above`: set-up that stands above the statement in the same file, because a reader has to know it: whether a table
  has a key, or is partitioned;
- `session`: SQL that every connection runs before it (a prepared statement, a variable);
- `since`, `until`: first and last server version (inclusive); `only`: the one dialect of the family which has it;
- `id`: only where the statement alone does not make a unique name.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
FAMILIES = {"postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}
FAILS = "-- fails\n"  # marks a text of a set-up that has to fail
KEYS = {"sql", "setup", "above", "session", "since", "until", "only", "id"}


@dataclass(frozen=True)
class Case:
    """One statement and what it needs."""

    id: str
    statements: tuple[str, ...]
    setup: tuple[str, ...]
    above: tuple[str, ...]
    session: tuple[str, ...]
    since: tuple[int, ...]
    until: tuple[int, ...]
    only: str

    @property
    def sql(self) -> str:
        """The statement as one text, for messages."""
        return "; ".join(self.statements)

    def runs_on(self, dialect: str, version: str) -> bool:
        """Whether that server is meant to take the statement."""
        number = tuple(int(part) for part in version.split("."))
        if self.only and self.only != dialect:
            return False
        return self.since <= number and (not self.until or number[: len(self.until)] <= self.until)


def load(dialect: str, version: str) -> list[Case]:
    """All cases that this dialect and server version is meant to take, in the order of files."""
    return [case for case in read_family(FAMILIES[dialect]) if case.runs_on(dialect, version)]


def read_family(family: str) -> list[Case]:
    """All cases of one folder; ValueError says which file is wrong and why."""
    base = FOLDER / family / "base.sql"
    shared = (base.read_text(),) if base.exists() else ()
    cases: dict[str, Case] = {}
    for path in sorted((FOLDER / family).glob("*.yaml")):
        for case in _read_topic(path, shared):
            if case.id in cases:
                raise ValueError(f"{path}: a second case is called {case.id}")
            cases[case.id] = case
    return list(cases.values())


def _read_topic(path: Path, shared: tuple[str, ...]) -> Iterator[Case]:
    topic = yaml.safe_load(path.read_text())
    shared += _texts(topic.get("setup"))
    for entry in topic["cases"]:
        fields: dict[str, Any] = {"sql": entry} if isinstance(entry, str) else entry
        if "sql" not in fields or set(fields) - KEYS:
            raise ValueError(f"{path}: {fields}: needs sql, and takes {sorted(KEYS)}")
        statements = _texts(fields["sql"])
        yield Case(
            id=f"{path.stem}/{fields.get('id') or slug(statements[0])}",
            statements=statements,
            setup=shared + _texts(fields.get("setup")) + _texts(fields.get("above")),
            above=_texts(fields.get("above")),
            session=_texts(fields.get("session")),
            since=_version(fields.get("since")),
            until=_version(fields.get("until")),
            only=fields.get("only", ""),
        )


def slug(sql: str) -> str:
    """A short name made of a statement's words; a checksum ends it where words alone would not be unique."""
    words = re.sub(r"[^a-z0-9]+", "-", sql.lower()).strip("-")
    if len(words) <= 64 and not re.search(r"[^\w\s(),.;'\"=-]", sql):
        return words
    return f"{words[:56].rpartition('-')[0]}-{zlib.crc32(sql.encode()):08x}"


def _texts(value: str | list[str | dict[str, str]] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    entries = [value] if isinstance(value, str) else value
    return tuple(
        entry.strip() if isinstance(entry, str) else FAILS + entry["fails"].strip() for entry in entries
    )


def _version(value: object) -> tuple[int, ...]:
    return () if value is None else tuple(int(part) for part in str(value).split("."))
