"""The migrations that are stopped at every point: those whose failure points are tested, and those in `cases/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from partway.dialects import dialect_named
from partway.sql.reader import read_steps
from tests.engines.servers import ENGINES
from tests.live.migrations import BY_ENGINE as SHARED

_FOLDER = Path(__file__).parent / "cases"
_OF_ENGINE = {
    "postgresql18": ("postgresql",),
    "postgresql15": ("postgresql",),
    "mariadb": ("mysql", "mariadb_only"),
    "mysql": ("mysql", "mysql_only"),
    "sqlite": ("sqlite",),
}
_CASE = re.compile(r"^-- case: (?P<name>[^\[\n]*?)(?: \[(?P<traits>[\w ]+)\])?\n", re.MULTILINE)
_PART = re.compile(r"^-- (up|down)\n", re.MULTILINE)


class Case(NamedTuple):
    """A migration's file, what is there before, and its author's way down, empty where it has none."""

    name: str
    setup: str
    up: str
    down: str = ""


@cache
def cases(engine: str) -> tuple[Case, ...]:
    """All migrations for an engine."""
    found = [
        Case(f"shared {number}", migration.setup, f"{migration.sql};\n")
        for number, migration in enumerate(SHARED[engine])
    ]
    for folder in _OF_ENGINE[engine]:
        for path in sorted((_FOLDER / folder).glob("*.sql")):
            found += _read(path.read_text())
    return tuple(found)


def _read(text: str) -> Iterator[Case]:
    """The cases of a file: `-- case: NAME [TRAITS]`, what is there before, `-- up`, and perhaps `-- down`. `crlf` is a
    file with carriage returns, `unterminated` one whose last statement has no end."""
    heads = list(_CASE.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)]
        setup, _, up, *more = _PART.split(body)
        traits = (head["traits"] or "").split()
        up = up.rstrip("\n") + ("" if "unterminated" in traits else "\n")
        if "crlf" in traits:
            up = up.replace("\n", "\r\n")
        yield Case(head["name"], setup.strip(), up, more[1].strip() if more else "")


def split(text: str, engine: str) -> tuple[str, ...]:
    """The statements of a text, as a client sends them."""
    steps = read_steps(text, 0, len(text), dialect_named(ENGINES[engine].dialect), (), "up").steps
    return tuple(text[step.span.start : step.span.end] for step in steps)
