"""How Flyway's files are recognised: by prefix, version, separator and description in their names."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from partway.tools.place import Candidate, Certainty

SUFFIXES = (".sql",)
#: As in Flyway's PostgreSQLConnection and MySQLConnection, doRestoreOriginalState.
SESSION_RESTORES = frozenset({"role", "foreign_key_checks", "sql_safe_updates"})
_CALLBACK = re.compile(
    r"(?:before|after)(?:Each)?(?:Clean|Migrate|Undo|Validate|Baseline|Repair|Info|Connect|Versioned|Repeatables"
    r"|CreateSchema)(?:Statement)?(?:Applied|Error|OperationFinish)?|createSchema"
)


_PREFIXES = (
    ("versioned", "flyway.sqlMigrationPrefix", "V"),
    ("undo", "flyway.undoSqlMigrationPrefix", "U"),
    ("baseline", "flyway.baselineMigrationPrefix", "B"),
)


class Name(NamedTuple):
    """A file's name as Flyway reads it. `kind` is versioned, undo, repeatable, baseline or callback; `identity` is the
    version, or for what has none the description."""

    kind: str
    identity: str


def recognise(file: Candidate) -> Certainty:
    """`V1.2__add_roles.sql` is Flyway's alone; a callback is `afterMigrate.sql` or `afterMigrate__grants.sql`."""
    name = parse(file.place.name, dict(file.hints.settings))
    if name is None:
        return Certainty.NO
    return Certainty.LIKELY if name.kind == "callback" else Certainty.SURE


def parse(name: str, settings: dict[str, str]) -> Name | None:
    """What Flyway makes of a file's name, with the prefixes and the separator that the project has set; None for a name
    that it leaves alone. As in Flyway's ResourceNameParser."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or suffix.lower() != "sql":
        return None
    separator = settings.get("flyway.sqlMigrationSeparator") or "__"
    for kind, setting, usual in _PREFIXES if separator in stem else ():
        match = _versioned(settings.get(setting) or usual, separator).match(stem)
        if match:
            return Name(kind, match[1].replace("_", "."))
    prefix = (settings.get("flyway.repeatableSqlMigrationPrefix") or "R") + separator
    if stem.startswith(prefix):
        return Name("repeatable", stem.removeprefix(prefix))
    event, _, description = stem.partition(separator)
    if _CALLBACK.fullmatch(event):
        return Name("callback", f"{event} {description}".strip())
    return None


@lru_cache(maxsize=16)
def _versioned(prefix: str, separator: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(prefix)}(\d+(?:[._]\d+)*?){re.escape(separator)}")
