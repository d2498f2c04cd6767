"""Guards in Django's migrations: an operation becomes one that looks at the database, defined in the same file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from partway.core.edit import Edit, Fix
from partway.core.migration import Migration
from partway.core.operation import Operation
from partway.core.source import Span
from partway.tools.django.backends import BACKENDS
from partway.tools.django.program import in_hand
from partway.tools.django.resumable import CLASSES, HELPERS
from partway.tools.django.values import Call
from partway.tools.writing import write_sql

_PREFIX = "Resumable"
_MIGRATION = re.compile(r"^class[ \t]+Migration\b", re.MULTILINE)
_CALLED = re.compile(r"[\w.]+(?=\s*\()")
# The kinds of statements that an operation may send: more is more than the class completes.
_COMPLETE = {
    "RenameModel": frozenset(("rename-table",)),
    "AlterModelTable": frozenset(("rename-table",)),
    "RenameField": frozenset(("rename-column",)),
    "DeleteModel": frozenset(("drop-table",)),
    "AlterField": frozenset(
        (
            "alter-column",
            "create-index",
            "drop-index",
            "add-constraint",
            "drop-constraint",
            "update",
            "set",
            "comment",
            "alter-sequence",
        )
    ),
}
_NEVER = frozenset(("primary-key", "add-identity", "drop-identity"))
_TAKES_AWAY = frozenset(
    ("RemoveField", "RemoveIndex", "RemoveConstraint", "AlterUniqueTogether", "AlterIndexTogether")
)
_ONE_OF = frozenset(("RenameModel", "AlterModelTable", "DeleteModel", "RenameField"))


def write(
    migration: Migration,
    operation: Operation,
    *,
    reused: bool,
    fresh: bool,
    taken: Collection[str],
    alone: bool,
) -> Fix | None:
    """The operation by a class that looks first, added once to the file; SQL of a RunSQL by its own guard.

    None where no look tells what is left: where SQLite makes a table anew, where one operation sends several statements
    of which any may be the last, and where what it makes is made or gone elsewhere in the migration.
    """
    if not operation.actions[0].words:
        return _sql(migration, operation, reused=reused, fresh=fresh, taken=taken, alone=alone)
    if BACKENDS[migration.dialect].remakes_tables:
        return None
    text = migration.source.text
    file = _file(text, BACKENDS[migration.dialect].editor)
    call = file.calls.get(operation.statement)
    if call is not None and reused and not _stays_away(migration, operation, call):
        return None
    if call is None or call.kind not in CLASSES or not _completes(migration, call):
        return None
    name = _PREFIX + call.kind
    called = _CALLED.match(text, call.span.start)
    if called is None or file.begins < 0 or (name not in file.helpers and _is_taken(text, name)):
        return None
    edits = [Edit(Span(*called.span()), name)]
    if name not in file.helpers:
        said = _definitions(text, call.kind, name, called[0])
        if said is None:
            return None
        newline = migration.source.newline
        edits.insert(0, Edit(Span(file.begins, file.begins), said.replace("\n", newline)))
    return Fix(f"Let {call.kind} look at the database before it acts", tuple(edits))


class _File(NamedTuple):
    """What fixes know of a file: its operations by their places, its classes, where the Migration class begins."""

    calls: dict[Span, Call]
    helpers: Collection[str]
    begins: int


@lru_cache(maxsize=4)
def _file(text: str, vendor: str) -> _File:
    """Each finding of a file asks for it."""
    program = in_hand(text, vendor)
    opening = _MIGRATION.search(text)
    calls = {one.span: one for one in _calls(program.operations)}
    return _File(calls, program.helpers, opening.start() if opening else -1)


def _calls(operations: object) -> Iterator[Call]:
    """The operations of a list, those of SeparateDatabaseAndState among them."""
    for one in operations if isinstance(operations, list | tuple) else ():
        if isinstance(one, Call):
            yield one
            if one.kind == "SeparateDatabaseAndState":
                yield from _calls(one.get("database_operations", 0))


def _stays_away(migration: Migration, operation: Operation, call: Call) -> bool:
    """Whether it only takes away what nothing brings back later. That its table is gone, or called otherwise, then
    means that a later operation has run, and so this one."""
    if call.kind not in _TAKES_AWAY:
        return False
    gone = {(one.object, one.name.name) for one in operation.postconditions if not one.present}
    section = next((one for one in migration.sections if one.name == operation.section), None)
    operations = section.operations if section is not None else ()
    at = next(
        (number for number, one in enumerate(operations) if one.statement == call.span), len(operations)
    )
    return not any(
        fact.present and (fact.object, fact.name.name) in gone
        for later in operations[at:]
        for fact in later.postconditions
    )


def _completes(migration: Migration, call: Call) -> bool:
    """Whether one look tells all that the operation has done."""
    sent = [one for one in migration.sections[0].operations if one.statement == call.span]
    allowed = _COMPLETE.get(call.kind)
    if allowed is not None and any(one.kind not in allowed for one in sent):
        return False
    if any(not action.traits.isdisjoint(_NEVER) for one in sent for action in one.actions):
        return False
    return call.kind not in _ONE_OF or len(sent) == 1


@lru_cache(maxsize=64)
def _is_taken(text: str, name: str) -> bool:
    return name in text and re.search(rf"\b{name}\b", text) is not None


def _definitions(text: str, kind: str, name: str, base: str) -> str | None:
    """The class and the functions that it calls, as far as the file lacks them, in the file's quotes."""
    said, helpers = CLASSES[kind]
    parts = []
    for helper in helpers:
        if f"def {helper}(" not in text:
            if _is_taken(text, helper):
                return None
            parts.append(HELPERS[helper].replace("{{", "{").replace("}}", "}"))
    parts.append(said.format(name=name, base=base))
    whole = "".join(f"{part}\n\n" for part in parts)
    if text.count("'") <= 2 * text.count('"'):
        return whole
    return "".join(_single(line) for line in whole.splitlines(keepends=True))


def _single(line: str) -> str:
    """A line in single quotes."""
    return line if "'" in line or '"""' in line else line.replace('"', "'")


def _sql(migration: Migration, operation: Operation, **said: Any) -> Fix | None:
    """A guard inside the string that RunSQL is given, where it fits on the line and into the quotes."""
    fix = write_sql(migration, operation, **said)
    if fix is None:
        return None
    text = migration.source.text
    for edit in fix.edits:
        if any(character in edit.text for character in "\r\n\\%\"'"):
            return None
        if text[edit.span.start : edit.span.end].strip("\r\n") != text[edit.span.start : edit.span.end]:
            return None
    return fix
