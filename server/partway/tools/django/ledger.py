"""What a migration's statements make and take away, kept account of, and the statements that wait for its end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from partway.core.operation import Guard, Repeat
from partway.core.source import Span
from partway.tools.django.backends import Backend
from partway.tools.django.models import Key, Model, State
from partway.tools.django.names import index_name
from partway.tools.django.statements import Statements


class Later:
    """A statement put off to the end of the migration. Its table and columns may be renamed before it runs, and its
    name is made up only then."""

    __slots__ = (
        "app",
        "columns",
        "ends",
        "guard",
        "kind",
        "method",
        "name",
        "references",
        "span",
        "suffix",
        "table",
        "words",
    )

    def __init__(
        self, kind: str, app: str, table: str, columns: Iterable[str], name: str, suffix: str
    ) -> None:
        self.kind = kind  # "index", "unique", "unique-index", "check", "exclude", "foreign"
        self.app = app
        self.table = table
        self.columns = list(columns)
        self.name = name
        self.suffix = suffix
        self.method = ""
        self.ends: tuple[str, ...] = ()  # what stands behind each column of an index
        self.references: tuple[str, str] | None = None
        self.span = Span(0, 0)
        self.words = ""
        self.guard: Guard | None = None


class Ledger(ABC):
    """The account of one migration. `before` and `after` are the states around the operation in hand; without an `out`
    nothing is sent."""

    def __init__(self, backend: Backend, out: Statements | None) -> None:
        self.backend = backend
        self.out = out
        self.deferred: list[Later] = []
        self.back = False  # on the way back
        self.before: State
        self.after: State

    def keys(self, app: str, table: str) -> tuple[Key, ...]:
        """The indexes and constraints of a table."""
        return self.after.keys(app, table)

    def looks(self, *, yes: bool) -> None:
        """Say whether what follows is sent only where the database is found to lack it, or to have it."""
        if self.out is not None:
            self.out.again = Repeat.SAME if yes else None

    def keep(self, app: str, table: str, *keys: Key) -> None:
        """Note new ones."""
        part = self.after.change(app)
        part.keys[table] = part.keys.get(table, ()) + keys

    def forget(self, app: str, table: str, name: str, kind: str = "") -> None:
        """Note that one is gone."""
        part = self.after.change(app)
        part.keys[table] = tuple(
            key for key in part.keys.get(table, ()) if key.name != name or (kind and key.kind != kind)
        )

    def named_keys(
        self, app: str, table: str, columns: list[str], *kinds: str, but: Iterable[str] = ()
    ) -> list[str]:
        """The names of a table's keys on exactly these columns."""
        return [
            key.name
            for key in self.keys(app, table)
            if key.kind in kinds and list(key.columns) == columns and key.name not in but
        ]

    @abstractmethod
    def foreign_name(
        self, table: str, name: str, references: tuple[str, str], suffix: str | None = None
    ) -> str:
        """What Django calls a foreign key."""

    @abstractmethod
    def foreign_keys(self, name: str, column: str) -> list[Key]:
        """What a foreign key makes in the database."""

    @abstractmethod
    def send(self, out: Statements, one: Later, name: str, concurrently: bool) -> None:
        """Send a statement that makes a key."""

    def put_off(
        self,
        kind: str,
        model: Model,
        table: str,
        columns: Iterable[str],
        *,
        name: str = "",
        suffix: str = "",
        method: str = "",
        references: tuple[str, str] | None = None,
        ends: tuple[str, ...] = (),
    ) -> None:
        """Run a statement at the end of the migration."""
        self.deferred.append(
            self.statement(kind, model.app, table, columns, name, suffix, method, references, ends)
        )

    def statement(
        self,
        kind: str,
        app: str,
        table: str,
        columns: Iterable[str],
        name: str = "",
        suffix: str = "",
        method: str = "",
        references: tuple[str, str] | None = None,
        ends: tuple[str, ...] = (),
    ) -> Later:
        """A statement that makes a key, to be run now or later."""
        one = Later(kind, app, table, columns, name, suffix)
        one.method, one.references, one.ends = method, references, ends
        if self.out is not None:
            one.span, one.words, one.guard = self.out.span, self.out.words, self.out.guard
        return one

    def later_name(self, one: Later) -> str:
        """The name that such a statement gives; empty where nobody can tell it."""
        if one.name or not one.columns:
            return one.name
        if one.kind == "foreign":
            if one.references is None:
                return ""
            return self.foreign_name(one.table, one.columns[0], one.references, one.suffix or None)
        return index_name(one.table, one.columns, one.suffix, self.backend.limit)

    def make(self, one: Later, *, concurrently: bool = False) -> None:
        """Run a statement that makes a key."""
        name = self.later_name(one)
        if one.kind == "foreign":
            self.keep(one.app, one.table, *self.foreign_keys(name, one.columns[0]))
        else:
            kind = "unique" if one.kind == "unique-index" else one.kind
            self.keep(one.app, one.table, Key(kind, name, tuple(one.columns)))
        if self.out is not None:
            self.send(self.out, one, name, concurrently)

    def finish(self) -> None:
        """Run what was put off."""
        waiting, self.deferred = self.deferred, []
        for one in waiting:
            if self.out is not None:
                self.out.span, self.out.words, self.out.guard = one.span, one.words, one.guard
                self.out.later, self.out.refused = True, False
            self.make(one)
        if self.out is not None:
            self.out.later = False
