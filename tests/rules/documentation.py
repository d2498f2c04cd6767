"""A rule's docstring, taken apart: its summary, its sections, and the examples in them.

The first line says in a sentence what is found. Then come these headings, in this order, each with text: What it does,
Why it matters, Bad, Good, Fix. Where there is no fix, the text under Fix begins with "None". Examples are fenced
blocks whose opening line is

    ```sql|ruby|python DIALECT bad|good|setup [OPTION=VALUE ...]

bad:    the rule has findings here: exactly one, or one on each of the lines (from 1) that `at=1,4` names
good:   the rule has none
setup:  no example, and not shown to readers: what is in the database before the examples of this dialect that follow;
        for Django (tool=django) the app's first migration, else SQL

Options: tool=flyway, version=15, transaction=none (the values of `--tool`, `--server-version`, `--transaction`),
path=V1__x.sql (the file's name, where the tool tells direction or mode from it), at=1,4 (see above), validated=a,b
(constraints that another migration of the project validates), setting=flyway.mixed:true (what the project's files tell
the tool), run=no (not for the engines, as it cannot run there), fix=no (a bad example that has no fix), down=no (it
cannot be taken back).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from partway.rules import all_rules

HEADINGS = ["What it does", "Why it matters", "Bad", "Good", "Fix"]
VERDICTS = ("bad", "good", "setup")
OPTIONS = frozenset(
    {"tool", "version", "transaction", "path", "at", "validated", "setting", "run", "fix", "down"}
)

FENCE = re.compile(r"^```(\S*)[ \t]*([^\n`]*)\n(.*?)^```[ \t]*$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
NAMES = {"golang-migrate": "1_example.up.sql", "flyway": "V1__example.sql", "sqlx": "1_example.sql"}
_FOLDERS = {
    "prisma": "prisma/migrations/1_example/migration.sql",
    "supabase": "supabase/migrations/1_example.sql",
    "django": "shop/migrations/0002_example.py",
    "alembic": "alembic/versions/0002_example.py",
}
#: Where the setup of an example is a file of its own.
SETUPS = {"django": "shop/migrations/0001_initial.py"}
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One fenced block of a rule's page. `setup` is what has to be there before it runs."""

    rule: str
    number: int  # from 1, over the examples of the rule
    language: str
    dialect: str
    verdict: str
    text: str
    options: dict[str, str] = field(default_factory=dict)
    setup: str = ""

    def __str__(self) -> str:
        return f"{self.rule}-{self.number}-{self.dialect}-{self.verdict}"

    @property
    def tool(self) -> str:
        """The tool that runs it; plain SQL unless it says otherwise."""
        return self.options.get("tool", "sql")

    @property
    def is_program(self) -> bool:
        """Whether it is written in a programming language."""
        return self.language != "sql"

    @property
    def comment(self) -> str:
        """What begins a comment in it."""
        return "#" if self.is_program else "--"

    @property
    def path(self) -> str:
        """The path under which the example is read."""
        tool = self.tool
        if tool == "rails":
            name = _CLASS.search(self.text)
            words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[1] if name else "Example").lower()
            return f"db/migrate/20240101000000_{words}.rb"
        return self.options.get("path") or NAMES.get(tool) or _FOLDERS.get(tool) or "001_example.sql"

    @property
    def lines(self) -> list[int] | None:
        """The lines on which findings are expected; None for exactly one, wherever it is."""
        at = self.options.get("at")
        return [int(line) for line in at.split(",")] if at else None


class Malformed(ValueError):
    """A docstring that does not keep to the form above; the message says where."""


def sections(text: str) -> dict[str, str]:
    """The text under each heading; that before the first one under the empty name."""
    parts = _HEADING.split(text)
    names = ["", *parts[1::2]]
    return {name.strip(): body.strip() for name, body in zip(names, parts[::2], strict=True)}


@cache
def examples(rule: str) -> tuple[Example, ...]:
    """The examples of a rule in order, each with its setup. Raises Malformed."""
    found: list[Example] = []
    setups: dict[tuple[str, str], str] = {}
    for match in FENCE.finditer(all_rules()[rule].documentation):
        language, info, text = match.groups()
        words = info.split()
        if not words:
            continue  # no example: output, a command
        if len(words) < 2 or words[1] not in VERDICTS:
            raise Malformed(f"{rule}: ```{language} {info}: DIALECT {'|'.join(VERDICTS)} expected")
        options = dict(word.partition("=")[::2] for word in words[2:])
        if unknown := set(options) - OPTIONS:
            raise Malformed(f"{rule}: ```{language} {info}: unknown {', '.join(sorted(unknown))}")
        dialect, verdict = words[:2]
        if verdict == "setup":
            setups[dialect, options.get("tool", "sql")] = text
            continue
        tool = options.get("tool", "sql")
        setup = setups.get((dialect, tool if tool in SETUPS else "sql"), "")
        example = Example(rule, len(found) + 1, language, dialect, verdict, text, options, setup)
        found.append(example)
    return tuple(found)


def all_examples(*verdicts: str) -> list[Example]:
    """The examples of every rule that have one of these verdicts."""
    return [one for rule in all_rules() for one in examples(rule) if one.verdict in verdicts]
