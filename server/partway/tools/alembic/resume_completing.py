"""What one call of Alembic's sends as several statements, and a failure can cut in two: the statements behind the
first, each written as a call of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partway.core.operation import Operation
from partway.core.postcondition import Postcondition
from partway.dialects.catalog import attribute
from partway.tools.alembic.asking import Words
from partway.tools.alembic.resume_looks import NotSaid, Say, escaped
from partway.tools.alembic.tracing import Run
from partway.tools.embedded import HOLE
from partway.tools.resuming import CannotResume

#: An index on plain columns, and a foreign key with no more to it than what becomes of its rows.
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX \S+ ON \S+ \((?:[\w`\"]+(?:, )?)+\)\Z")
_KEY = re.compile(
    r".* REFERENCES \S+ \([^()]*\)((?: ON (?:DELETE|UPDATE) (?:CASCADE|SET NULL|RESTRICT|NO ACTION|SET DEFAULT))*)\Z"
)
_ACTION = re.compile(r"ON (DELETE|UPDATE) ((?:SET |NO )?[A-Z]+)")
_UNIQUE = re.compile(r".* UNIQUE \([^()]*\)\Z")
_REFERENCES = re.compile(r"(?:(\w+)\.)?(\w+) \(([^()]*)\)\Z")


def completing(runs: Sequence[Run], words: Words, say: Say) -> str:
    """The call that does what one of these statements does; `runs` are those of one statement of the program."""
    sent = [run.sent.sql if run.sent is not None else HOLE for run in runs]
    facts = [run.operation.postconditions[0] for run in runs if run.operation.postconditions]
    try:
        if len(facts) == len(runs):
            if all(map(_INDEX.match, sent)):
                return _index(facts, words, say, unique="CREATE UNIQUE" in sent[0])
            if all(map(_KEY.match, sent)) and all(attribute(one, "columns") for one in facts):
                return _key(facts, sent, words, say)
            if all(map(_UNIQUE.match, sent)) and all(attribute(one, "columns") for one in facts):
                return _unique(facts, words, say)
        if HOLE not in "".join(sent):
            return f"{words.op}.execute({say([escaped(sql) for sql in sent])})"
    except NotSaid:
        pass
    raise CannotResume(
        f"{_called(runs[0].operation)} is one of several statements of a call, and cannot be written alone",
        "Write it in the migration as a call of its own, and ask again",
    )


def _index(facts: Sequence[Postcondition], words: Words, say: Say, *, unique: bool) -> str:
    names = say([one.name.name for one in facts])
    tables = [one.table for one in facts if one.table is not None]
    said = [f"{words.op}.f({names})", say([one.name for one in tables]), _columns(facts, "columns", say)]
    said += ["unique=True"] if unique else []
    said += _schema([one.schema for one in tables], "schema", say)
    return f"{words.op}.create_index({', '.join(said)})"


def _key(facts: Sequence[Postcondition], sent: Sequence[str], words: Words, say: Say) -> str:
    referred = [_REFERENCES.match(attribute(one, "references") or "") for one in facts]
    found = [one for one in referred if one is not None]
    if len(found) != len(facts):
        raise NotSaid
    tables = [one.table for one in facts if one.table is not None]
    remote = [one[3].split(", ") for one in found]
    said = [
        _name(facts, words, say),
        say([one.name for one in tables]),
        say([one[2] for one in found]),
        _columns(facts, "columns", say),
        f"[{', '.join(say(list(each)) for each in zip(*remote, strict=True))}]",
    ]
    match = _KEY.match(sent[0])
    for event, action in _ACTION.findall(match[1] if match else ""):
        said.append(f"on{event.lower()}={words.string(action)}")
    said += _schema([one.schema for one in tables], "source_schema", say)
    said += _schema([one[1] for one in found], "referent_schema", say)
    return f"{words.op}.create_foreign_key({', '.join(said)})"


def _unique(facts: Sequence[Postcondition], words: Words, say: Say) -> str:
    tables = [one.table for one in facts if one.table is not None]
    said = [_name(facts, words, say), say([one.name for one in tables]), _columns(facts, "columns", say)]
    said += _schema([one.schema for one in tables], "schema", say)
    return f"{words.op}.create_unique_constraint({', '.join(said)})"


def _name(facts: Sequence[Postcondition], words: Words, say: Say) -> str:
    if not facts[0].name.name:
        return "None"
    return f"{words.op}.f({say([one.name.name for one in facts])})"


def _columns(facts: Sequence[Postcondition], key: str, say: Say) -> str:
    columns = [(attribute(one, key) or "").split(", ") for one in facts]
    return f"[{', '.join(say(list(each)) for each in zip(*columns, strict=True))}]"


def _schema(schemas: Sequence[str | None], keyword: str, say: Say) -> list[str]:
    return [f"{keyword}={say([one or '' for one in schemas])}"] if schemas[0] else []


def _called(operation: Operation) -> str:
    return f"{operation.kind} {operation.target}"
