"""What Flyway's configuration and Spring's say."""

from __future__ import annotations

import re

from partway.tools.facts.found import Facts, urls

_FLYWAY = frozenset(
    (
        "group", "mixed", "executeInTransaction", "sqlMigrationPrefix", "undoSqlMigrationPrefix",
        "baselineMigrationPrefix", "repeatableSqlMigrationPrefix", "sqlMigrationSeparator",
        "table", "schemas", "defaultSchema",
    )
)  # fmt: skip
_PAIR = re.compile(r"^[ \t]*([\w.-]+)[ \t]*[=:][ \t]*(.*?)[ \t]*\r?$", re.MULTILINE)


def _camel(key: str) -> str:
    head, *rest = key.split("-")
    return head + "".join(word.capitalize() for word in rest)


def _flyway_setting(key: str, value: str, facts: Facts) -> None:
    name = _camel(key)
    if name in _FLYWAY:
        facts.settings[f"flyway.{name}"] = value.strip("\"' ")


def flyway(text: str, facts: Facts) -> None:
    """flyway.conf and flyway.toml."""
    facts.tools.add("flyway")
    for match in _PAIR.finditer(text):
        key = match[1].removeprefix("flyway.").removeprefix("spring.flyway.")
        if key == "url" or key.endswith(".url"):
            urls(match[2], facts.configured)
        else:
            _flyway_setting(key, match[2], facts)


def spring(text: str, facts: Facts) -> None:
    """application.properties and application.yml: the datasource's URL and what they say to Flyway."""
    inside = -1
    for line in text.splitlines():
        match = _PAIR.match(line)
        if match is None:
            continue
        indent = len(line) - len(line.lstrip())
        key, value = match[1], match[2]
        if inside >= 0 and indent <= inside:
            inside = -1
        if key in ("flyway", "spring.flyway") and not value:
            inside = indent
            facts.tools.add("flyway")
        elif key.startswith("spring.flyway.") or inside >= 0:
            facts.tools.add("flyway")
            _flyway_setting(key.removeprefix("spring.flyway."), value, facts)
        if "jdbc:" in value or "r2dbc:" in value:
            urls(value, facts.configured)
