"""The words of guards, tried on every engine: it takes those that the tables name for its version, and no others."""

from __future__ import annotations

import re

from partway.dialects import dialect_named
from partway.dialects.dialect import Row, Way
from tests.engines.lab import Lab, SqlError
from tests.truth.cases import Case
from tests.truth.observe import Workbench
from tests.truth.reach import numbered
from tests.truth.test_rows import observed

WORDS = {
    Way.IF_NOT_EXISTS: ("CREATE", "ADD"),
    Way.OR_REPLACE: ("CREATE",),
    Way.IF_EXISTS: ("DROP", "ALTER"),
}

# What an engine says to words that it does not have there: a syntax error, and PostgreSQL's feature_not_supported to
# CREATE OR REPLACE CONSTRAINT TRIGGER. SQLite has one code for nearly everything.
REFUSED = {"42601", "0A000", "1064", "SQLITE_ERROR"}

# Kinds that SQL calls by another word than Partway does.
SPELT = {"role": "(?:ROLE|USER|GROUP)", "schema": "(?:SCHEMA|DATABASE)", "enum-value": "VALUE"}

#: Not tried here: MariaDB has the words of a constraint behind the words for its kind; tests/guards runs each form.
APART = {("mariadb", "add-constraint")}


def with_words(sql: str, verb: str, object_: str, way: Way) -> str:
    """The statement with the words where that kind of statement has them, empty where it has no such place."""
    name = SPELT.get(object_, object_.replace("-", r"\s+").upper())
    if way is Way.OR_REPLACE:
        pattern, words = r"(\s*CREATE)\b", "OR REPLACE"
    else:
        pattern = rf"(\s*{verb}\b[^(']*?\b{name}(?:\s+CONCURRENTLY)?)(?=\s)"
        words = way.value.replace("-", " ").upper()
        if verb == "ADD":
            pattern = rf"(.*?\bADD\s+{name})(?=\s)"
        elif object_ in {"column", "constraint", "attribute", "partition"}:
            pattern = rf"(.*?\bDROP\s+{name})(?=\s)"
    changed, count = re.subn(pattern, rf"\1 {words}", sql, count=1, flags=re.I | re.S)
    return changed if count else ""


def takes(lab: Lab, case: Case, sql: str) -> bool:
    """Whether the engine takes a statement with these words; any complaint but about the words means that it does."""
    if lab.dialect == "sqlite":  # it looks for the table before it has read the whole statement
        Workbench(lab).prepare(case)
    with lab.connect() as session:
        for text in case.session:
            session.script(text)
        try:
            session.run(sql)
        except SqlError as error:
            return error.code not in REFUSED or (lab.dialect == "sqlite" and "syntax" not in error.message)
    return True


def _named(row: Row, lab: Lab) -> set[Way]:
    table = dialect_named(lab.dialect)
    return {table.way(row, numbered(lab.server_version)), *row.also, *row.ignores}


def test_engine_takes_the_words_that_the_table_names(lab: Lab) -> None:
    wrong = set()
    tried = 0
    seen: set[tuple[int, Way]] = set()
    for case, _, actions in observed(lab.name):
        if len(actions) != 1 or len(case.statements) != 1:
            continue
        ((action, row),) = actions
        verb, _, object_ = action.kind.partition("-")
        verb = "ALTER" if verb == "rename" else verb.upper()
        if row is None or row.guard is Way.NEEDLESS or action.guard is not None:
            continue
        if (lab.dialect, row.kind) in APART:
            continue
        for way, verbs in WORDS.items():
            sql = with_words(case.statements[0], verb, object_, way) if verb in verbs else ""
            if not sql or (id(row), way) in seen:
                continue
            seen.add((id(row), way))
            tried += 1
            if (taken := takes(lab, case, sql)) != (way in _named(row, lab)):
                wrong.add(f"{row.kind} {sorted(row.traits)}: {'takes' if taken else 'refuses'} {way}: {sql}")
            if taken:
                lab.fresh()
    assert not wrong, "\n".join(sorted(wrong))
    assert tried > 10
