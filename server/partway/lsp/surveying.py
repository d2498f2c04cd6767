"""Migrations as a survey of a database takes them: in the asking thread, with the editor's reading of each file."""

from __future__ import annotations

import logging
import os
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from partway.analysis import Analysis, analyse
from partway.core.decode import Undecodable, decode
from partway.lsp.workspace import migrations_below
from partway.status import operations_of
from partway.survey import survey
from partway.surveyed import Given
from partway.tools.history import File, tracks

if TYPE_CHECKING:
    from partway.core.operation import Operation
    from partway.finishing import Assumed, Finish
    from partway.live.sessions.session import Session
    from partway.live.state import Standing
    from partway.lsp.judging import Judge

logger = logging.getLogger("partway")

#: So many migrations that have been read are kept: with books, each question hangs on those around.
_KEPT = 2000


class Looked(NamedTuple):
    """How one text stands; `said` is the JSON of `status`."""

    operations: tuple[Operation, ...]
    standing: Standing
    said: dict[str, Any]


class Surveyor:
    """Asks about one migration, or about all of a project. For one thread at a time."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._texts: dict[str, tuple[int, int, str]] = {}
        self._analyses: dict[tuple[str, str, str, tuple[int, ...], int], Analysis | None] = {}

    def look(
        self, session: Session, name: str, path: str, text: str | None, folder: str, typed: dict[str, str]
    ) -> Looked | None:
        """How a text at an absolute path stands in the session's database, which is called `name`; without a text, the
        one that is there. What its books say hangs on the migrations around, below `folder`; `typed` are the texts of
        open documents by their paths. None for what is no migration, or could not be read. Raises Unreachable."""
        given = self._read([path], session, typed if text is None else {path: text})
        if not given:
            return None
        if tracks(given[0].tool):  # who keeps no books does not look at what lies around
            given += self._around(path, folder, session, typed)
        surveyed = survey(session, given, {path})
        for found, said in zip(surveyed.found, surveyed.documents(name), strict=True):
            if found.analysis is not None and found.standing is not None:
                return Looked(operations_of(found.analysis), found.standing, said)
        return None

    def finish(
        self, session: Session, name: str, path: str, folder: str, typed: dict[str, str], assumed: Assumed
    ) -> Finish:
        """The resume migration of the migration at this path, for what the database shows. Raises CannotResume,
        Unreachable."""
        from partway.finishing import finish
        from partway.tools.resuming import CannotResume

        given = self._read([path], session, typed)
        if not given:
            raise CannotResume("this is no migration")
        return finish(session, name, given[0], self._around(path, folder, session, typed), assumed)

    def _around(self, path: str, folder: str, session: Session, typed: dict[str, str]) -> list[Given]:
        """The other migrations of a file's project."""
        root = self._judge.config(path).root
        around = (one for one in migrations_below([folder]) if self._judge.config(one).root == root)
        return self._read([one for one in around if one != path], session, typed)

    def look_at_all(
        self, session: Session, name: str, paths: list[str], typed: dict[str, str]
    ) -> tuple[list[tuple[str, dict[str, Any]]], tuple[str, ...]]:
        """Every migration among these files, in the order of its tool: its path, and what the JSON of `status` says of
        it. And what keeps a tool from running any of them. Raises Unreachable."""
        surveyed = survey(session, self._read(paths, session, typed))
        found = [one.given.file.path for one in surveyed.found]
        return list(zip(found, surveyed.documents(name), strict=True)), surveyed.troubles

    def _read(self, paths: list[str], session: Session, typed: dict[str, str]) -> list[Given]:
        found = []
        for path in paths:
            text = typed[path] if path in typed else self._text(path)
            given = self._given(session, path, text) if text is not None else None
            if given is not None:
                found.append(given)
        return found

    def _text(self, path: str) -> str | None:
        try:
            status = os.stat(path)
            known = self._texts.get(path)
            if known is None or known[:2] != (status.st_mtime_ns, status.st_size):
                with open(path, "rb") as file:
                    text = decode(file.read(), path).text
                known = self._texts[path] = (status.st_mtime_ns, status.st_size, text)
        except (OSError, Undecodable):
            return None
        return known[2]

    def _given(self, session: Session, path: str, text: str) -> Given | None:
        choice = self._judge.choice(path, text)
        if choice is None:
            return None
        # The server knows best which dialect it speaks, and in which version.
        read = partial(self._analysis, path, text, session.dialect, session.server[:3])
        return Given(
            self._judge.shown(path),
            File(path, text),
            choice.tool or "sql",
            dict(choice.settings),
            read,
            choice.dialect,
        )

    def _analysis(self, path: str, text: str, dialect: str, server: tuple[int, ...]) -> Analysis | None:
        key = path, text, dialect, server, self._judge.generation
        if key not in self._analyses:
            if len(self._analyses) >= _KEPT:
                self._analyses.clear()
            self._analyses[key] = self._analysed(path, text, dialect, server)
        return self._analyses[key]

    def _analysed(self, path: str, text: str, dialect: str, server: tuple[int, ...]) -> Analysis | None:
        try:
            return analyse(self._judge.read(path, text, dialect, server), ())
        except Exception:
            logger.exception("a migration could not be read")
            return None  # a mistake in a reader: of the others there is still something to say
