"""Asks a database for a tool's tracking table and lock, and sets them beside the migrations in the tool's order."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from partway.core.postcondition import Name
from partway.dialects.questions import questions
from partway.live.sessions.session import Session
from partway.live.unreachable import Reason, Unreachable
from partway.tools.history import (
    File,
    History,
    Order,
    Record,
    Target,
    history_of,
    read_history,
    read_holders,
    tracks,
)
from partway.tools.recorded import Recorded, Register, held
from partway.tools.tracking import said

#: Of a file beside migrations so many characters are read.
_LIMIT = 64 * 1024


class Books(NamedTuple):
    """A tracking table read, with the migrations that it is about in the tool's order.

    `held` says who holds the tool's lock, empty where nobody does or the tool takes none. `unread` says why the table
    could not be read, where it could not; then nobody knows what is recorded.
    """

    register: Register
    held: str = ""
    unread: str = ""

    @property
    def table(self) -> Name:
        """The tracking table."""
        return self.register.history.table

    @property
    def order(self) -> Order:
        """The migrations in the tool's order."""
        return self.register.order

    def recorded(self, file: File, around: bool = True) -> Recorded:
        """What the table says of the migration in this file; `around` as `Register.recorded` has it."""
        if self.unread:
            return Recorded("", Record.UNKNOWN, words=f"{self.table} cannot be read ({self.unread})")
        return self.register.recorded(file, around)


class Clerk:
    """Asks one database for tracking tables: three questions for each table, one more where the tool takes a lock."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._here: tuple[str, ...] = ()

    def table(self, tool: str, settings: Mapping[str, str]) -> Name | None:
        """Where a tool keeps its books in this database; None for one that keeps none. Raises Unreachable."""
        return history_of(tool).table(self.target(settings)) if tracks(tool) else None

    def books(self, tool: str, settings: Mapping[str, str], files: Sequence[File]) -> Books:
        """The books of a tool that keeps some, about these files. Raises Unreachable."""
        module, asked, target = history_of(tool), questions(self.session.dialect), self.target(settings)
        table = module.table(target)
        order = module.order([*files, *_beside(files, getattr(module, "BESIDE", ()))], settings)
        try:
            columns = self.session.ask(asked.columns(table))
            names = [str(column) for _, column in columns]
            rows = self.session.ask(module.rows(target, table, names)) if names else []
        except Unreachable as error:
            if error.reason not in (Reason.RIGHTS, Reason.LOCKED):
                raise
            self.session.again()
            return Books(Register(History(tool, table, present=False), order), unread=str(error))
        history = read_history(tool, table, columns, rows)
        lock = module.lock(target, history.table)
        holders = ""
        if lock is not None and asked.holders is not None:
            holders = held(lock, read_holders(self.session.ask(asked.holders(lock.keys))))
        return Books(Register(history, order), holders)

    def target(self, settings: Mapping[str, str]) -> Target:
        """The database, as a tool with these settings sees it. Raises Unreachable."""
        dialect = self.session.dialect
        if not self._here:
            self._here = tuple(map(said, self.session.ask(questions(dialect).here)[0]))
        return Target(dialect, settings, *self._here)


def _beside(files: Sequence[File], names: Sequence[str]) -> list[File]:
    """What lies beside these files under these names."""
    found: list[File] = []
    for folder in {os.path.dirname(file.path) for file in files} if names else ():
        for name in names:
            path = os.path.normpath(os.path.join(folder, name))
            with suppress(OSError, ValueError):
                if os.path.isfile(path):
                    with open(path, encoding="utf-8", errors="replace") as opened:
                        found.append(File(path, opened.read(_LIMIT)))
    return found
