"""What Alembic's own files say: alembic.ini and env.py."""

from __future__ import annotations

import re

from partway.tools.facts import tracking
from partway.tools.facts.found import Facts, add_default, url

#: The setting that says which environment runs a migration: the folder of its env.py.
ENVIRONMENT = "alembic.environment"
_COMMENT = re.compile(r"(?:^|[ \t])#.*$", re.MULTILINE)
_URL = re.compile(r"^[ \t]*sqlalchemy\.url[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)
# What env.py tells `context.configure`, as keywords or in a dictionary.
_OPTION = re.compile(
    r"\b(transaction_per_migration|transactional_ddl|render_as_batch)[\"']?[ \t]*[=:][ \t]*(True|False)\b"
)


def alembic_ini(text: str, facts: Facts) -> None:
    """alembic.ini: the scheme of sqlalchemy.url. SQLite is often there only to make revisions with."""
    facts.tools.add("alembic")
    for match in _URL.finditer(text):
        for scheme in url().finditer(match[1]):
            add_default(facts, scheme[1])


def env_py(text: str, facts: Facts) -> None:
    """env.py beside the versions: the options that decide on transactions, where it says each of them in one way.

    One that stands below an `if` about the engine or the dialect is "conditional"."""
    if "alembic" not in text:
        return
    facts.tools.add("alembic")
    facts.settings[ENVIRONMENT] = "."
    tracking.alembic(_COMMENT.sub("", text), facts)
    said: dict[str, set[str]] = {}
    lines = _COMMENT.sub("", text).splitlines()
    for at, line in enumerate(lines):
        for match in _OPTION.finditer(line):
            value = "conditional" if _depends_on_database(lines, at) else match[2].lower()
            said.setdefault(match[1], set()).add(value)
    for option, values in said.items():
        facts.settings[f"alembic.{option}"] = values.pop() if len(values) == 1 else "conditional"


def of_environment(setting: str) -> bool:
    """Whether a setting is what one env.py says, so that no other environment's migrations take it."""
    return setting.startswith("alembic.") and setting != "alembic.version"


def _depends_on_database(lines: list[str], at: int) -> bool:
    """Whether a line stands in a branch that is taken on some databases only."""
    indent = _indent(lines[at])
    for line in reversed(lines[:at]):
        if not line.strip() or _indent(line) >= indent:
            continue
        indent = _indent(line)
        if re.match(r"\s*(?:if|elif|else)\b.*:", line) and re.search(
            r"dialect|engine|sqlite|mysql|postgres", line
        ):
            return True
        if not indent:
            break
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
