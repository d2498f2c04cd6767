"""Where scans put what they find: databases, each with a version, settings of tools, tools.

Nothing of a connection URL but its scheme is kept."""

from __future__ import annotations

import re
from functools import cache

from partway.dialects.dialect import Version
from partway.tools.evidence import FOREIGN, WORDS

# Embedded databases that stand in for the real one in tests and on a developer's machine.
_STAND_INS = frozenset(("h2", "hsqldb", "derby"))
_URL = (
    r"(?<![a-z0-9])(?:jdbc:(?:tc:)?)?(" + "|".join(sorted({**WORDS, **FOREIGN}, key=len, reverse=True)) + r")"
    r"(?:\+\w+)?:(?=[/\w.@$({<-])"
)


@cache
def url() -> re.Pattern[str]:
    """A URL of any database's; compiled when the first file is scanned."""
    return re.compile(_URL, re.IGNORECASE)


class Facts:
    """What one folder's files say. `configured` are databases that the application or the tool is told to use; `served`
    those that run beside it (compose files); `linked` those that it has a driver for. Each maps the name of a dialect
    or of a foreign database to the lowest version mentioned, or to none. `stand_ins` are those that developers have
    where production's is not told; they count when nothing else is known. `tested` are the servers that tests have a
    driver for; where there is one, a stand-in says nothing. `settings` and `tools` as in `Hints`."""

    __slots__ = ("configured", "linked", "served", "settings", "stand_ins", "tested", "tools")

    def __init__(self) -> None:
        self.configured: dict[str, Version] = {}
        self.served: dict[str, Version] = {}
        self.linked: dict[str, Version] = {}
        self.stand_ins: dict[str, Version] = {}
        self.tested: dict[str, Version] = {}
        self.settings: dict[str, str] = {}
        self.tools: set[str] = set()


def add(found: dict[str, Version], word: str, version: Version = ()) -> None:
    """Note a database by any word for it; a word that means none, or a stand-in for tests, is left out."""
    word = word.lower()
    name = WORDS.get(word) or FOREIGN.get(word)
    if name is None or name in _STAND_INS:
        return
    known = found.get(name, ())
    found[name] = min(known, version) if known and version else known or version


def urls(text: str, found: dict[str, Version]) -> None:
    """Note the database of each connection URL."""
    for match in url().finditer(text):
        add(found, match[1])


def add_default(facts: Facts, word: str) -> None:
    """Note a database that is configured where production's may be another. SQLite then only stands in for it; so does
    one of which the project has neither a server nor a driver while it has some of another: a default that outlived
    the move away from it."""
    named = WORDS.get(word.lower())
    there = (facts.served.keys() | facts.linked.keys()) - {"sqlite"}
    outlived = there and named not in there and not {named, *there} <= {"mysql", "mariadb"}
    add(facts.stand_ins if named == "sqlite" or outlived else facts.configured, word)
