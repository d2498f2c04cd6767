"""What a tool's tracking table says: what to ask for it, what its rows mean, and how to find the tool that knows.

Pure: queries are text, answers are rows. Whoever has a connection asks `questions(dialect).here`, then
`questions(dialect).columns(history.table(target))`, then `history.rows(target, columns)` where there are any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from shlex import quote
from typing import NamedTuple, Protocol, cast

from partway.core.postcondition import Name

Rows = Iterable[Sequence[object]]


class Target(NamedTuple):
    """The database that a tool keeps its books in: `database` and `schema` as the connection says them (`here`), both
    empty before anybody asked; `settings` as in `Setup`."""

    dialect: str
    settings: Mapping[str, str] = {}
    database: str = ""
    schema: str = ""


class File(NamedTuple):
    """A migration's file; `text` may be left out where only the order of names is wanted, except for tools that keep
    the order inside their files (Django, Alembic)."""

    path: str
    text: str = ""


class Record(StrEnum):
    """What the tracking table says of one migration. Public: in the JSON of status.

    `failed`: the tool itself noted that it did not go through; `dirty`: it noted that it had begun, or failed, and
    refuses to go on; `unknown`: the table cannot tell.
    """

    RECORDED = "recorded"
    FAILED = "failed"
    DIRTY = "dirty"
    NOT_RECORDED = "not-recorded"
    UNKNOWN = "unknown"


class Late(StrEnum):
    """What the tool does with a pending migration when a later one has run already."""

    RUNS = "runs"  # runs it all the same
    SKIPPED = "skipped"  # never looks at it again
    REFUSED = "refused"  # stops with an error, unless told otherwise


class Entry(NamedTuple):
    """One row about a migration.

    `identity` as the table writes it; `at` when, `by` whom, both as the database gives them, empty where the table has
    no such column. `checksum` is the file's as the tool computes it, `log` the error that the tool kept, `steps` the
    statements that it counted. `id` is what tells this row from others about the same migration.
    """

    identity: str
    record: Record
    at: str = ""
    by: str = ""
    checksum: str = ""
    log: str = ""
    steps: int | None = None
    id: str = ""


class History(NamedTuple):
    """A tracking table read. `table` has its schema as found; `present` is False where there is no such table, which
    means that the tool has never run there; `entries` are the rows that count, in the order of the table."""

    tool: str
    table: Name
    present: bool
    entries: tuple[Entry, ...] = ()


class Item(NamedTuple):
    """A migration in its project's order. `needs` are those that must have run before it; `replaces` those that it
    stands for (Django's squashed migrations)."""

    identity: str
    path: str
    needs: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


class Order(NamedTuple):
    """A project's migrations as the tool would run them on an empty database.

    `linear` says that each follows all before it; otherwise what follows what is said by `needs` alone. `troubles` are
    what keeps the tool from running them at all (two with one version, two heads, a circle), in words.
    """

    items: tuple[Item, ...] = ()
    linear: bool = True
    troubles: tuple[str, ...] = ()

    def find(self, identity: str) -> Item | None:
        """The migration with this identity."""
        return next((item for item in self.items if item.identity == identity), None)

    def after(self, identity: str) -> tuple[str, ...]:
        """The migrations that can only run when this one has."""
        if self.linear:
            all_ = [item.identity for item in self.items]
            return tuple(all_[all_.index(identity) + 1 :]) if identity in all_ else ()
        found = {identity}
        for item in self.items:  # what is needed always comes first
            if not found.isdisjoint(item.needs):
                found.add(item.identity)
        return tuple(item.identity for item in self.items if item.identity in found - {identity})

    def before(self, identity: str) -> tuple[str, ...]:
        """The migrations that must have run before this one."""
        if self.linear:
            all_ = [item.identity for item in self.items]
            return tuple(all_[: all_.index(identity)]) if identity in all_ else ()
        found, needs = {identity}, {item.identity: item.needs for item in self.items}
        left = [identity]
        while left:
            new = [each for each in needs.get(left.pop(), ()) if each not in found]
            found.update(new)
            left += new
        return tuple(item.identity for item in self.items if item.identity in found - {identity})


class Lock(NamedTuple):
    """The lock that a tool's runners exclude each other with. `keys` are as `Questions` takes them, several where the
    tool makes the key in several ways; whoever wants to keep every runner out takes all of them. `name` is the lock in
    words. `certain` is False where some runners of the tool take none, so that free does not mean that nobody runs.
    """

    keys: tuple[int | str, ...]
    name: str
    certain: bool = True


class Holder(NamedTuple):
    """Another session that holds a tool's lock; `user` and `since` are empty where the server does not show them."""

    session: str
    user: str = ""
    since: str = ""


class Marking(NamedTuple):
    """How a migration is marked as done, without running it.

    `sql` are the statements, to be run in one transaction in this order; `command` is the tool's own way as the words
    of a command line, empty where it has none. `refusal` says why neither is offered.
    """

    sql: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    refusal: str = ""

    @property
    def typed(self) -> tuple[str, ...]:
        """What a person types: the command as a shell takes it, with its variables, or statement after statement."""
        if self.command:
            words = (f'"{word}"' if _VARIABLE.fullmatch(word) else quote(word) for word in self.command)
            return (" ".join(words),)
        return tuple(f"{each};" for each in self.sql)


_VARIABLE = re.compile(r"\$\w+")


class HistoryModule(Protocol):
    """What `tools/<folder>/history.py` holds; imported only when a database is asked.

    Optional besides: `edited(entry, file)`, whether a file is otherwise than when it was recorded, None where the
    table does not tell; `reached(history, order)`, the identities that have run, for tools whose table names only the
    last; `BESIDE`, paths seen from a migration's folder of files that `order` wants to see as well; `APART`, the
    setting that tells projects of one tool apart, whose tables may all have the same name.
    """

    LATE: Late

    def table(self, target: Target) -> Name:
        """Where the tracking table is; without a schema it is looked for as the connection looks for any table."""
        ...

    def rows(self, target: Target, table: Name, columns: Sequence[str]) -> str:
        """The query for its rows, given the columns that it has."""
        ...

    def read(self, rows: Rows) -> tuple[Entry, ...]:
        """What those rows mean, the row that counts for each migration. Never raises."""
        ...

    def key(self, identity: str) -> str:
        """What two ways to write the same identity have in common ("007" and "7")."""
        ...

    def order(self, files: Iterable[File], settings: Mapping[str, str]) -> Order:
        """The project's migrations in the tool's order. Files that the tool would not run are left out."""
        ...

    def lock(self, target: Target, table: Name) -> Lock | None:
        """The lock that it takes while it runs, None for a tool that takes none on this dialect."""
        ...

    def mark_done(self, target: Target, history: History, order: Order, file: File) -> Marking:
        """How the migration in this file is marked as done."""
        ...


def tracks(tool: str) -> bool:
    """Whether a tool keeps a tracking table that Partway reads."""
    return find_spec(_module(tool)) is not None


@cache
def history_of(tool: str) -> HistoryModule:
    """What knows the tracking table of the tool with this public name; KeyError for one that has none."""
    if not tracks(tool):
        raise KeyError(tool)
    return cast(HistoryModule, import_module(_module(tool)))


def _module(tool: str) -> str:
    return f"partway.tools.{tool.replace('-', '_')}.history"


def read_history(tool: str, table: Name, columns: Rows, rows: Rows) -> History:
    """The history that a tool's table tells. `columns` are the rows that `Questions.columns` gave."""
    found = [tuple(map(str, row)) for row in columns]
    if not found:
        return History(tool, table, present=False)
    return History(tool, Name(table.name, found[0][0]), present=True, entries=history_of(tool).read(rows))


def apart(tool: str, settings: Mapping[str, str]) -> str:
    """Which of several projects of a tool in one place has these settings; empty where that is not told."""
    return settings.get(getattr(history_of(tool), "APART", ""), "") if tracks(tool) else ""


def read_holders(rows: Rows) -> tuple[Holder, ...]:
    """The sessions that `Questions.holders` gave."""
    return tuple(Holder(*("" if value is None else str(value) for value in list(row)[:3])) for row in rows)
