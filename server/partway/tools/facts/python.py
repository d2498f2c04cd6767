"""What Python projects say in their lists of dependencies: drivers, and the versions of Django, Alembic, SQLAlchemy."""

from __future__ import annotations

import re

from partway.tools.facts.found import Facts, add, add_default, url

_DRIVERS = {
    **dict.fromkeys(
        ("psycopg", "psycopg-binary", "psycopg2", "psycopg2-binary", "psycopg2cffi", "asyncpg", "pg8000", "aiopg"),
        "postgresql",
    ),
    **dict.fromkeys(("mysqlclient", "pymysql", "mysql-connector-python", "aiomysql", "asyncmy"), "mysql"),
    "mariadb": "mariadb",
    "aiosqlite": "sqlite",
}  # fmt: skip
#: Drivers for PostgreSQL that begin a transaction again where the text of a statement has ended theirs.
_REOPENING = ("psycopg", "psycopg-binary", "pg8000")
_FRAMEWORKS = ("django", "alembic", "sqlalchemy")
_NAMES = "|".join(sorted({*_DRIVERS, *_FRAMEWORKS}, key=len, reverse=True)).replace("-", "[-_.]")
# A requirement by itself on a line, in quotes, or as a key of Poetry's: `name[extra]>=1.2`, `name = "^1.2"`.
_REQUIREMENT = re.compile(
    rf"(?:^[ \t]*(?:[\w.-]+[ \t]*=[ \t]*)?\[?[ \t]*|[\"'])({_NAMES})(?![\w.-])[\"']?[ \t]*(?:\[[^\]\n]*\])?"
    r"(?:[ \t]*[=:]?[ \t]*[{(\"']*(?:version[ \t]*=[ \t]*\")?[ \t]*([=~^><!]{0,3})[ \t]*v?(\d+(?:\.\d+)*))?",
    re.MULTILINE | re.IGNORECASE,
)
_LOCKED = re.compile(rf"^name = \"({_NAMES})\"\r?\nversion = \"(\d+(?:\.\d+)*)", re.MULTILINE)
_BLANKS = re.compile(r"[ \t]+")
_COMMENT = re.compile(r"(?:^|[ \t])#.*$", re.MULTILINE)


def requirements(text: str, facts: Facts) -> None:
    """requirements.txt and its like, pyproject.toml, setup.cfg, setup.py, Pipfile."""
    # Runs of blanks would be tried at each of their lengths.
    for match in _REQUIREMENT.finditer(_BLANKS.sub(" ", _COMMENT.sub("", text))):
        name = _normal(match[1])
        if name in _DRIVERS:
            add(facts.linked, _DRIVERS[name])
            if name in _REOPENING:
                facts.settings.setdefault("postgresql.reopens", name)
            continue
        _note(name, facts)
        operator, version = match[2], match[3]
        # An upper bound says nothing of the version that runs.
        if version and not operator.startswith(("<", "!")):
            facts.settings.setdefault(f"{name}.version", version)


def requirements_of_tests(text: str, facts: Facts) -> None:
    """test-requirements.txt: a program whose tests bring drivers of servers is not one of SQLite's alone."""
    found = Facts()
    requirements(text, found)
    facts.tested.update({name: version for name, version in found.linked.items() if name != "sqlite"})


def lock(text: str, facts: Facts) -> None:
    """uv.lock and poetry.lock: the very versions. Of drivers they name too many: those of every optional part."""
    for match in _LOCKED.finditer(text):
        name = _normal(match[1])
        if name in _FRAMEWORKS:
            _note(name, facts)
            facts.settings[f"{name}.version"] = match[2]


def flask(text: str, facts: Facts) -> None:
    """config.py: the scheme in Flask-SQLAlchemy's URI. SQLite there is what developers have without one."""
    text = _COMMENT.sub("", text)
    for match in re.finditer(r"SQLALCHEMY_DATABASE_URI\b", text):
        for scheme in url().finditer(text, match.end(), match.end() + 200):
            add_default(facts, scheme[1])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _note(name: str, facts: Facts) -> None:
    if name in ("django", "alembic"):
        facts.tools.add(name)
