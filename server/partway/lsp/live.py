"""What the chosen database says of the open migrations: when it is asked, what it answered, who is told."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from partway.live.unreachable import Unreachable
from partway.lsp.asking import Desk
from partway.lsp.failures import Failure
from partway.lsp.live_settings import LiveSettings, Refresh
from partway.lsp.news import News
from partway.lsp.progress import Progress
from partway.lsp.protocol import Ready
from partway.lsp.standing import Answer, Placed, alarming, diagnostics, placed

if TYPE_CHECKING:
    from collections.abc import Callable

    from partway.core.migration import Migration
    from partway.core.source import SourceFile
    from partway.finishing import Assumed, Finish
    from partway.linting import Linted
    from partway.live.sessions.session import Session
    from partway.lsp.documents import Document
    from partway.lsp.server import Server
    from partway.lsp.surveying import Looked, Surveyor

logger = logging.getLogger("partway")
T = TypeVar("T")


class _Shown(NamedTuple):
    """The operations of an answer on one text of a document."""

    source: SourceFile
    answer: Answer
    operations: list[Placed]


class Live:
    """The editor's view of one chosen database. Nothing is asked while none is chosen, or the workspace not trusted."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.trusted = True
        self.settings = LiveSettings()
        #: The database chosen in this session, before which the setting stands back.
        self.chosen: str | None = None
        self.answers: dict[str, Answer] = {}
        self._failures: dict[tuple[str, str], Failure] = {}
        self._desks: dict[tuple[str, str], Desk] = {}
        self._surveyors: WeakKeyDictionary[Desk, Surveyor] = WeakKeyDictionary()
        self._asks: dict[str, asyncio.Task[None]] = {}
        self._others: set[asyncio.Task[None]] = set()
        self._shown: dict[str, _Shown] = {}
        self._serial = 0
        self._timer: asyncio.Task[None] | None = None
        self.progress = Progress(server)
        self.news = News(server)

    @property
    def database(self) -> str | None:
        """The name of the database that is asked; None for none."""
        if not self.trusted:
            return None
        return self.settings.database if self.chosen is None else self.chosen or None

    def start(self) -> None:
        """The editor is ready to be told things."""
        self._keep_time()
        self._say()

    def configure(self, settings: LiveSettings) -> None:
        """Settings of the editor. A choice made since stands, unless the setting itself changes."""
        if settings == self.settings:
            return
        before = self.database
        if settings.database != self.settings.database:
            self.chosen = None
        self.settings = settings
        self._keep_time()
        if self.database != before:
            self._start_over()

    def choose(self, name: str | None) -> None:
        """Ask this database from here on; None for none at all."""
        before, self.chosen = self.database, name or ""
        if self.database != before:
            self._start_over()

    def _start_over(self) -> None:
        self.close()
        self.answers.clear()
        self._failures.clear()
        self._shown.clear()
        self._say()
        self.news.tell()
        for document in self._server.documents:
            self.opened(document)

    def opened(self, document: Document) -> None:
        """A document is there, or another database is asked: ask, unless that waits for a command."""
        if self.database is not None and self.settings.refresh is Refresh.ON_SAVE:
            self.ask_soon(document)

    def saved(self, document: Document) -> None:
        """A document was saved: somebody may have run it."""
        self.opened(document)

    def closed(self, uri: str) -> None:
        """A document was closed: what is being asked for it is given up."""
        self._give_up(uri)
        self.answers.pop(uri, None)
        self._shown.pop(uri, None)

    def _give_up(self, uri: str) -> None:
        task = self._asks.pop(uri, None)
        if task is not None:
            task.cancel()

    def _give_everything_up(self) -> None:
        for uri in list(self._asks):
            self._give_up(uri)
        for task in self._others:
            task.cancel()

    def close(self) -> None:
        """Give up whatever is asked, and take leave of every database."""
        self._give_everything_up()
        for desk in self._desks.values():
            desk.close()
        self._desks.clear()

    def stopped(self, token: int | str) -> None:
        """The user has stopped work of this token."""
        if self.progress.is_of(token):
            self._give_everything_up()

    def asking(self, uri: str) -> bool:
        """Whether the database is being asked about this document."""
        return uri in self._asks

    def ask_soon(self, document: Document, *, by_hand: bool = False) -> asyncio.Task[None] | None:
        """Ask in the background. What is asked for an earlier text of the document is given up. By hand means that
        somebody waits: a database that has just failed is tried again."""
        name = self.database
        if name is None:
            return None
        failure = self.failure(document.path)
        if failure is not None and failure.fresh and not by_hand:
            return None
        self._give_up(document.uri)
        task = asyncio.ensure_future(self._ask(document, name))
        self._asks[document.uri] = task
        return task

    async def _ask(self, document: Document, name: str) -> None:
        me = asyncio.current_task()
        try:
            await self._asked(document, name)
        except Exception:
            logger.exception("the status of a document could not be found")
        finally:
            if self._asks.get(document.uri) is me:
                del self._asks[document.uri]
            self.news.tell()

    async def _asked(self, document: Document, name: str) -> None:
        if await self._server.linted_soon(document) is None:
            return  # no migration
        path, text = document.path, document.source.text
        with self.progress.during(f"Partway: asking {name}"), suppress(Unreachable):
            looked = await self.look(name, path, text)
            if looked is not None:
                self._serial += 1
                self.answers[document.uri] = Answer(
                    name, text, *looked, self._serial, alarming(looked.standing, looked.said)
                )

    async def look(self, name: str, path: str, text: str | None = None) -> Looked | None:
        """How a migration stands, with the text that is given, or else with the one that is typed or on disk; None for
        what is none. Raises Unreachable."""
        folder, typed = self._server.around(path), self._typed()
        return await self._through(
            name, path, lambda with_, session: with_.look(session, name, path, text, folder, typed)
        )

    async def finish(self, name: str, path: str, assumed: Assumed) -> Finish:
        """The resume migration of the migration at this path. Raises CannotResume, Unreachable."""
        folder, typed = self._server.around(path), self._typed()
        with self.progress.during(f"Partway: asking {name}"):
            return await self._through(
                name, path, lambda with_, session: with_.finish(session, name, path, folder, typed, assumed)
            )

    async def look_at_all(
        self, name: str, paths: list[str]
    ) -> tuple[list[tuple[str, dict[str, Any]]], tuple[str, ...]]:
        """How each of these files of one project stands that is a migration, with its path, in the order of its tool;
        and what keeps a tool from running any. Raises Unreachable."""
        typed = self._typed()
        return await self._through(
            name, paths[0], lambda with_, session: with_.look_at_all(session, name, paths, typed)
        )

    def _typed(self) -> dict[str, str]:
        return {document.path: document.source.text for document in self._server.documents}

    async def _through(self, name: str, path: str, ask: Callable[[Surveyor, Session], T]) -> T:
        """Ask the database of the project that a file belongs to. Raises Unreachable."""
        desk = self._desk(name, path)
        self._say("asking")
        try:
            found = await desk.ask(lambda session: ask(self._surveyor(desk), session))
        except Unreachable as error:
            self._failed(name, path, error)
            raise
        self._failures.pop(self._key(name, path), None)
        self._say("answering")
        return found

    def follow(self, task: asyncio.Task[None]) -> None:
        """Work of somebody else's that is given up with ours."""
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    def _failed(self, name: str, path: str, error: Unreachable) -> None:
        key = self._key(name, path)
        self._failures[key] = Failure.of(error)
        # What was true before may be so no longer.
        for document in self._server.documents:
            if self._key(name, document.path) == key:
                self.answers.pop(document.uri, None)
                self._shown.pop(document.uri, None)
        self._say("unavailable", str(error))

    def _key(self, name: str, path: str) -> tuple[str, str]:
        """A database of the project that a file belongs to: each may have its own "dev"."""
        return self._server.judge.config(path).root, name

    def _desk(self, name: str, path: str) -> Desk:
        key, config = self._key(name, path), self._server.judge.config(path)
        desk = self._desks.get(key)
        if desk is None or desk.config.text != config.text:
            if desk is not None:
                desk.close()
            desk = self._desks[key] = Desk(name, config)
        return desk

    def _surveyor(self, desk: Desk) -> Surveyor:
        """In the asking thread: who asks at this desk, and remembers what has been read."""
        from partway.lsp.surveying import Surveyor

        if desk not in self._surveyors:
            self._surveyors[desk] = Surveyor(self._server.judge)
        return self._surveyors[desk]

    def failure(self, path: str) -> Failure | None:
        """Why the database could not be asked about a file; None where it could."""
        name = self.database
        return self._failures.get(self._key(name, path)) if name is not None else None

    def shown(self, document: Document, migration: Migration | None) -> tuple[Answer, list[Placed]] | None:
        """What the last answer tells of a document as it is now; None without an answer."""
        answer = self.answers.get(document.uri)
        if answer is None:
            return None
        known = self._shown.get(document.uri)
        if known is None or known.source is not document.source or known.answer is not answer:
            found = placed(answer, document.source.text, migration)
            known = self._shown[document.uri] = _Shown(document.source, answer, found)
        return answer, known.operations

    def diagnostics(self, document: Document, linted: Linted | None) -> list[Ready]:
        """What is wrong in the database, as diagnostics of the document as it is now."""
        answer = self.answers.get(document.uri)
        if answer is None or not answer.alarming:
            return []
        shown = self.shown(document, linted.migration if linted is not None else None)
        return list(diagnostics(*shown, document.positions)) if shown is not None else []

    def tag(self, uri: str) -> str:
        """Another text for each answer, empty without one."""
        answer = self.answers.get(uri)
        return f"-{answer.serial}" if answer is not None else ""

    def _say(self, state: str = "", message: str = "") -> None:
        name = self.database
        if not state or name is None:
            state = "untrusted" if not self.trusted else "none" if name is None else "chosen"
        self.news.say(name, state, message)

    def _keep_time(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        seconds = self.settings.timer
        self._timer = asyncio.ensure_future(self._again_every(seconds)) if seconds else None

    async def _again_every(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            for document in self._server.documents:
                if not self.asking(document.uri):
                    self.ask_soon(document)
