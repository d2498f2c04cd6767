"""Alembic's alembic_version: the revisions that were reached, one row for each head; nothing of one that failed.

Read in Alembic 1.16 to 1.20 (runtime/migration.py, script/revision.py) and seen in its table. What a revision's
`down_revision` and `depends_on` name comes before it and has run when it has. Alembic takes no lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from partway.core.postcondition import Name
from partway.dialects.questions import quoted
from partway.tools.history import Entry, File, History, Item, Late, Lock, Marking, Order, Rows, Target
from partway.tools.python_program import Program
from partway.tools.python_scope import Scope
from partway.tools.python_strings import Text
from partway.tools.python_values import listed
from partway.tools.tracking import (
    delete,
    entry_of,
    find,
    in_words,
    insert,
    literal,
    named,
    refused,
    select,
    update,
    versions,
)

#: A revision below the head that was reached is never looked at again.
LATE = Late.SKIPPED
#: The folder of env.py: each environment has revisions and heads of its own.
APART = "alembic.environment"


def key(identity: str) -> str:
    """Its text as it stands."""
    return identity


def table(target: Target) -> Name:
    """`alembic_version`, unless env.py gives `version_table` and `version_table_schema`."""
    found = named(target.settings, "alembic.version_table", "alembic_version")
    return Name(found.name, target.settings.get("alembic.version_table_schema") or found.schema)


def rows(target: Target, table: Name, columns: Sequence[str]) -> str:
    """Its revisions."""
    return select(target, table, ("version_num",), columns, ("version_num",))


def read(rows: Rows) -> tuple[Entry, ...]:
    """The heads that were reached."""
    return versions(rows)


class _Said(NamedTuple):
    """What a revision's file says of itself."""

    revision: str
    down: tuple[str, ...]
    depends: tuple[str, ...]


def _read(text: str) -> _Said | None:
    """The names at the top of a revision's file; None where it has none that can be told. Of one that is assigned
    twice the last counts, as when the file is run."""
    program = Program(text)
    found: dict[str, tuple[str, ...]] = {}
    for statement in program.tree.root.named_children:
        first = statement.named_children[0] if statement.named_child_count else None
        if statement.type != "expression_statement" or first is None or first.type != "assignment":
            continue
        left = first.child_by_field_name("left")
        if left is not None and (name := program.tree.said(left)) in _NAMES:
            value = Scope(program).value(first.child_by_field_name("right"))
            values = [value] if isinstance(value, Text) else listed(value) or []
            found[name] = tuple(str(each) for each in values if isinstance(each, Text) and each.known)
    revision, down, depends = (found.get(name, ()) for name in _NAMES)
    return _Said(revision[0], down, depends) if len(revision) == 1 else None


_NAMES = ("revision", "down_revision", "depends_on")


def order(files: Iterable[File], settings: Mapping[str, str]) -> Order:  # noqa: ARG001 # nothing changes it
    """What a revision needs comes before it; of revisions that do not need each other, the one whose file's name sorts
    first. Alembic itself may take such in another order."""
    read_: dict[str, tuple[_Said, str]] = {}
    troubles: list[str] = []
    for file in sorted(files):
        found = _read(file.text)
        if found is None:
            continue
        if found.revision in read_:
            troubles.append(f"Alembic refuses two files with revision {found.revision}: {file.path}")
        read_.setdefault(found.revision, (found, file.path))
    needs: dict[str, tuple[str, ...]] = {}
    for revision, (said_, _) in read_.items():
        wanted = [(each, _resolved(each, read_)) for each in (*said_.down, *said_.depends)]
        troubles += [
            f"revision {each} is needed by {revision} and has no file" for each, name in wanted if not name
        ]
        needs[revision] = tuple(name for _, name in wanted if name)
    names = _sorted(needs)
    troubles += [f"Alembic refuses a circle through {name}" for name in needs if name not in set(names)][:1]
    heads = _heads(needs, {revision: said_.down for revision, (said_, _) in read_.items()})
    if len(heads) > 1:
        troubles.append(f"`alembic upgrade head` refuses several heads: {in_words(heads)}")
    items = (Item(name, read_[name][1], needs[name]) for name in names)
    return Order(tuple(items), linear=False, troubles=tuple(troubles))


def _resolved(name: str, known: Mapping[str, object]) -> str:
    """The revision that a name means: itself, or what it begins as Alembic allows; empty where no file has it."""
    if name in known:
        return name
    begun = [each for each in known if each.startswith(name)] if len(name) > 3 else []
    return begun[0] if len(begun) == 1 else ""


def _sorted(needs: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Revisions with what they need first; those in a circle are left out."""
    names: dict[str, None] = {}
    left = list(needs)
    while left:
        ready = [name for name in left if all(each in names for each in needs[name])]
        if not ready:
            break
        names.update(dict.fromkeys(ready))
        left = [name for name in left if name not in names]
    return list(names)


def _heads(needs: Mapping[str, tuple[str, ...]], down: Mapping[str, tuple[str, ...]]) -> list[str]:
    followed = {each for found in down.values() for each in found}
    return [name for name in needs if name not in followed]


def reached(history: History, order: Order) -> frozenset[str]:
    """The heads that were reached and everything that they need."""
    found: set[str] = set()
    for entry in history.entries:
        found.add(entry.identity)
        found.update(order.before(entry.identity))
    return frozenset(found)


def lock(target: Target, table: Name) -> Lock | None:  # noqa: ARG001 # as every tool's
    """Alembic takes none."""
    return None


def mark_done(target: Target, history: History, order: Order, file: File) -> Marking:
    """`stamp`, or what it does: the rows of the revisions before it give way to its own."""
    item = find(order, file)
    if item is None:
        return Marking(refusal=f"{file.path} holds no revision that can be read")
    ran = reached(history, order)
    refusal = refused(history, entry_of(history, item.identity, key), item.identity)
    if refusal is not None:
        return refusal
    if item.identity in ran:
        return Marking(refusal=f"{item.identity} is recorded as applied already, by a later revision")
    missing = [each for each in order.before(item.identity) if each not in ran]
    if missing:
        return Marking(refusal=f"{missing[0]} has not run, and {item.identity} needs it")
    heads = [entry.identity for entry in history.entries]
    replaced = [each for each in heads if each in order.before(item.identity)]
    column = quoted(target.dialect, Name("version_num"))
    value = {"version_num": literal(target, item.identity)}
    sql = [delete(target, history.table, f"{column} = {literal(target, each)}") for each in replaced[1:]]
    if replaced:
        where = f"{column} = {literal(target, replaced[0])}"
        sql.append(update(target, history.table, value, where))
    else:
        sql.append(insert(target, history.table, value))
    return Marking(tuple(sql), ("alembic", "stamp", item.identity))
