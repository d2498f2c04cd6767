"""`Runner`: one migration tool on one engine. Runs a project's migrations as the tool does and says what came of it."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeVar

from tests.engines.lab import Dump, Lab
from tests.engines.servers import Address
from tests.engines.sqlite import SqliteLab
from tests.runners.schema import Schema, read_schema
from tests.runners.sqlite_schema import elements
from tests.runners.worker import Conversation, Died, Worker


@dataclass(frozen=True, kw_only=True)
class Project:
    """What a project consists of, as its files: `files` are its migrations, text by file name."""

    files: Mapping[str, str] = field(default_factory=dict)


P = TypeVar("P", bound=Project)


@dataclass(frozen=True)
class Fault:
    """Stops a run after so many operations of the migration: by an exception, or by killing the process.

    An operation is one call of the migration on Rails (a block with its calls is one), one element of `operations` in
    Django, one `op.` call of Alembic (a batch is one). On Rails' way down each call that it reverses is one. With
    `unit` the count is of the statements that change something, where a tool's worker counts them; on Rails of those
    that are kept whatever follows: outside of transactions, and the end of one.
    """

    after: int
    how: Literal["raise", "kill"] = "raise"
    unit: Literal["operation", "statement"] = "operation"


class Outcome(NamedTuple):
    """What came of one run of the tool."""

    # What the tool raised, as "Class: message", or "" where it succeeded.
    error: str
    # Whether its tracking table now has the migration.
    recorded: bool
    # What it sent to the database, as far as the tool tells; not its own look-ups of the catalog.
    statements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the tool succeeded."""
        return not self.error


class Repeat(NamedTuple):
    """What a second run of the same migration did: `same` is success with schema and data as they were."""

    verdict: Literal["same", "fails", "changes"]
    outcome: Outcome
    # What is otherwise than after the first run, also where the second failed half way.
    differences: Sequence[str]


class Runner(ABC, Generic[P]):
    """One tool on one engine. `load` first; not for use by two threads at once."""

    tool: ClassVar[str]
    # What the tool keeps its own books in: no part of what a migration makes.
    own_tables: ClassVar[frozenset[str]]

    def __init__(self, lab: Lab, worker: Worker) -> None:
        self.lab = lab
        self.version = worker.version
        self._worker = worker
        self._folder = worker.folder / lab.name
        self._conversation: Conversation | None = None
        self._project: P | None = None

    @property
    def project(self) -> P:
        """What is loaded."""
        assert self._project, "nothing is loaded"
        return self._project

    @property
    def folder(self) -> Path:
        """Where the project's files are."""
        return self._folder

    def load(self, project: P, keep_database: bool = False) -> None:
        """Take this project, in a new process, on an empty database; or on the one that is there."""
        self.close()
        self._project = project
        if not keep_database:
            self.lab.fresh()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        self.write(project, self._folder)
        self._open()

    def up(self, name: str, fault: Fault | None = None) -> Outcome:
        """Run one migration, named by its file; Django and Alembic first run what it depends on and is pending."""
        assert name not in self.history(), f"{name} has run; a tool would do nothing and report success"
        return self._run("up", name, fault)

    def down(self, name: str, fault: Fault | None = None) -> Outcome:
        """Take one migration back; Django and Alembic first take back what depends on it."""
        assert name in self.history(), f"{name} has not run; a tool would do nothing and report success"
        return self._run("down", name, fault)

    def migrate(self, fault: Fault | None = None) -> Outcome:
        """Run all that is pending, as the tool's ordinary command does; `recorded` is about the last by name."""
        return self._run("migrate", max(self.project.files), fault)

    def mark(self, name: str, applied: bool) -> None:
        """Say in the tracking table that it ran, or that it did not, without running it."""
        outcome = self._run("mark", name, applied=applied)
        assert outcome.ok, outcome.error
        assert outcome.recorded == applied, f"{name} could not be marked: {self.history()}"

    def again(self, name: str) -> Repeat:
        """Run once more what has run, as if the tool had been stopped before it could record it.

        Afterwards it is recorded, whatever the second run did, so that `down` can follow.
        """
        before = self.dump()
        self.mark(name, applied=False)
        outcome = self.up(name)
        changes = changed(before, self.dump())
        if not outcome.recorded:
            self.mark(name, applied=True)
        verdict: Literal["same", "changes"] = "changes" if changes else "same"
        return Repeat(verdict if outcome.ok else "fails", outcome, changes)

    def dump(self) -> Dump:
        """The engine's own account of schema and data (see `Lab.dump`), without the rows of the tool's own tables."""
        found = self.lab.dump()
        for section, content in found.items():
            if section.endswith("rows") and isinstance(content, dict):
                found[section] = {
                    name: rows for name, rows in content.items() if name.split(".")[-1] not in self.own_tables
                }
        if self.lab.dialect == "sqlite" and isinstance(master := found["schema"], list):
            found["schema"] = [
                (kind, name, table, elements(sql) if kind == "table" else sql)
                for kind, name, table, sql in master
                if name != "sqlite_sequence"  # made with the first AUTOINCREMENT, and never dropped
            ]
        return found

    def schema(self) -> Schema:
        """Schema alone, in the same words for each engine, without the tool's own tables."""
        return read_schema(self.lab, self.own_tables)

    @abstractmethod
    def history(self) -> list[str]:
        """The files that the tracking table says have run, sorted."""

    @abstractmethod
    def write(self, project: P, folder: Path) -> None:
        """Write the project's files."""

    @abstractmethod
    def opening(self, project: P) -> dict[str, object]:
        """What its process must be told besides the folder and the database."""

    def close(self) -> None:
        """End the project's process."""
        if self._conversation:
            self._conversation.close()
            self._conversation = None

    def _open(self) -> Conversation:
        self._conversation = self._worker.fork()
        database = self._database()
        self._conversation.ask(
            "open", folder=str(self._folder), database=database, **self.opening(self.project)
        )
        return self._conversation

    def _database(self) -> dict[str, object]:
        lab = self.lab
        if isinstance(lab, SqliteLab):
            return {"dialect": "sqlite", "name": str(lab.path), "url": lab.url}
        address = Address.from_url(lab.url)
        return {
            "dialect": "postgresql" if lab.dialect == "postgresql" else "mysql",
            "name": lab.url.rpartition("/")[2],
            "url": lab.url,
            **asdict(address),
        }

    def _run(self, request: str, name: str, fault: Fault | None = None, **more: object) -> Outcome:
        assert name in self.project.files, f"no file {name}"
        conversation = self._conversation or self._open()
        try:
            answer: dict[str, Any] = conversation.ask(
                request, name=name, fault=asdict(fault) if fault else None, **more
            )
        except Died as died:
            self._conversation = None  # the next request opens a new one, on the database as it was left
            answer = {"error": f"Died: {died}", "statements": (), "warnings": ()}
        recorded = name in self.history()
        return Outcome(answer["error"], recorded, tuple(answer["statements"]), tuple(answer["warnings"]))


def changed(before: Dump, after: Dump) -> list[str]:
    """What two dumps differ in, one line each: "- " what was there, "+ " what is there now."""
    if before == after:
        return []
    old, new = Counter(_lines(before)), Counter(_lines(after))
    return [f"- {line}" for line in sorted((old - new).elements())] + [
        f"+ {line}" for line in sorted((new - old).elements())
    ]


def _lines(found: object, path: str = "") -> Iterator[str]:
    """A dump as lines: one for each element of a list and for each plain value, with where it stands."""
    if isinstance(found, dict):
        for key, value in found.items():
            yield from _lines(value, f"{path}{key}: ")
    elif isinstance(found, list):
        for element in found:
            yield f"{path}{element}"
    else:
        yield f"{path}{found}"
