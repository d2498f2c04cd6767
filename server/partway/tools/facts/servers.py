"""What compose files, .env files and Makefiles say: the servers that run beside the application, and their URLs."""

from __future__ import annotations

import re

from partway.dialects.dialect import Version
from partway.tools.evidence import FOREIGN, WORDS
from partway.tools.facts import tracking
from partway.tools.facts.found import Facts, add, url

_IMAGE = re.compile(r"^[ \t]*(?:-[ \t]*)?image:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)
_DEFAULT = re.compile(r"\$\{\w+:?-([^}]*)\}")
_HELPERS = (
    "export",
    "admin",
    "backup",
    "bouncer",
    "pool",
    "proxy",
    "operator",
    "-ui",
    "migrat",
    "rest",
    "graphile",
)
_PG_TAG = re.compile(r"pg(\d+)")
_TAG = re.compile(r"v?(\d+(?:\.\d+){0,2})")


def compose(text: str, facts: Facts) -> None:
    """Compose files: the images, whose tags are the servers' versions."""
    for match in _IMAGE.finditer(text):
        image = _DEFAULT.sub(r"\1", match[1])
        repository, _, tag = image.rpartition("/")[2].partition(":")
        if any(helper in repository for helper in _HELPERS):
            continue
        for word in re.findall(r"[a-z]+\d*", repository.lower()):
            if word in WORDS or word in FOREIGN:
                add(facts.served, word, _image_version(word, tag))
                break
    _runner_options(text, facts)


def _image_version(word: str, tag: str) -> Version:
    match = _PG_TAG.search(tag)
    if match is None and word not in ("timescaledb", "pgvector"):
        match = _TAG.match(tag)
    return tuple(int(part) for part in match[1].split(".")) if match is not None else ()


def _runner_options(text: str, facts: Facts) -> None:
    """What tools are told in connection URLs and by variables, wherever they are written."""
    for option in ("x-multi-statement", "x-no-tx-wrap"):
        if re.search(rf"[?&]{option}=(?:true|1)\b", text):
            facts.settings[f"golang-migrate.{option}"] = "true"
            facts.tools.add("golang-migrate")
    tracking.variables(text, facts)


_ENVIRONMENT = re.compile(
    r"^[ \t]*(?:export[ \t]+)?(\w*(?:DATABASE_UR[LI]|DB_UR[LI]|DSN|DBSTRING|DB_CONNECTION|DB_DRIVER|DB_ENGINE"
    r"|GOOSE_DRIVER))[ \t]*[:?]?=[ \t]*[\"']?([^\r\n]*)",
    re.MULTILINE,
)
_WORD = re.compile(r"(\w+)[\"']?[ \t]*(?:#.*)?$")


def environment(text: str, facts: Facts) -> None:
    """.env files and Makefiles: the scheme of DATABASE_URL and its like, GOOSE_DRIVER, DB_CONNECTION."""
    for match in _ENVIRONMENT.finditer(text):
        word = _WORD.match(match[2])
        if word is not None:
            add(facts.configured, word[1])
        else:
            scheme = url().match(match[2])
            if scheme is not None:
                add(facts.configured, scheme[1])
    if "GOOSE_DRIVER" in text or "GOOSE_DBSTRING" in text:
        facts.tools.add("goose")
    _runner_options(text, facts)
