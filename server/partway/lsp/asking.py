"""A database that the editor asks: one thread and at most one connection, which is closed when nobody asks any more."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from partway.live.unreachable import Reason, Unreachable

if TYPE_CHECKING:
    from partway.config import Config
    from partway.live.sessions.session import Session

logger = logging.getLogger("partway")
T = TypeVar("T")

#: Seconds for which a connection is kept that nobody uses.
IDLE = 60.0


class _Question:
    """What is to be done with a session, and who waits for it."""

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self.work = work
        self.given_up = False
        self._loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[Any] = self._loop.create_future()

    def answered(self, value: Any) -> None:
        """From the asking thread: hand the answer over."""
        self._hand_over(lambda: self.answer.set_result(value))

    def failed(self, error: Exception) -> None:
        """From the asking thread: say that there is none."""
        self._hand_over(lambda: self.answer.set_exception(error))

    def _hand_over(self, give: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended: nobody waits
            self._loop.call_soon_threadsafe(lambda: None if self.answer.done() else give())


class Desk:
    """Where one database is asked, one question after the other, never on the event loop.

    The name is looked up in the configuration, and the connection opened, when the first question comes.
    """

    def __init__(self, name: str, config: Config, idle: float = IDLE) -> None:
        self.name = name
        self.config = config
        self._idle = idle
        self._questions: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._session: Session | None = None
        self._current: _Question | None = None

    async def ask(self, work: Callable[[Session], T]) -> T:
        """What `work` finds out through a session. Raises Unreachable, and whatever `work` raises.

        Who stops waiting ends the question: it is not begun any more, or its connection is cut.
        """
        question = _Question(work)
        with self._lock:
            self._questions.put(question)
            if self._thread is None:
                # A daemon: a server that never answers must not keep the editor's process from ending.
                self._thread = threading.Thread(target=self._serve, name="partway-database", daemon=True)
                self._thread.start()
        try:
            found: T = await question.answer
        except asyncio.CancelledError:
            self._give_up(question)
            raise
        return found

    def close(self) -> None:
        """Take leave: the connection is closed after what is under way."""
        with self._lock:
            if self._thread is not None:
                self._questions.put(None)

    def _give_up(self, question: _Question) -> None:
        question.given_up = True
        with self._lock:
            session = self._session if self._current is question else None
        if session is not None:
            session.abandon()

    def _serve(self) -> None:
        while True:
            try:
                question = self._questions.get(timeout=self._idle)
            except queue.Empty:
                question = None
            if question is None:
                self._drop()
                with self._lock:
                    if self._questions.empty():
                        self._thread = None
                        return
            elif not question.given_up:
                self._deal_with(question)

    def _deal_with(self, question: _Question) -> None:
        with self._lock:
            self._current = question
        try:
            try:
                answer = self._through_session(question)
            finally:
                with self._lock:
                    self._current = None
        except Exception as error:  # noqa: BLE001 - whoever waits deals with it
            self._drop()
            question.failed(error)
            return
        if question.given_up:
            self._drop()  # it may have been cut when the answer was there already
        question.answered(answer)

    def _through_session(self, question: _Question) -> Any:
        kept = self._session
        if kept is not None:
            try:
                kept.again()
                return self._finished(kept, question.work(kept))
            except Unreachable as error:
                if error.reason is not Reason.LOST or question.given_up:
                    raise
            # The server has ended a connection that we kept: that says nothing about the server.
            self._drop()
        session = self._opened()
        return self._finished(session, question.work(session))

    def _finished(self, session: Session, answer: Any) -> Any:
        if session.address.is_file:
            # Another file may take its place, which an open one would never show.
            self._drop()
        else:
            session.rest()
        return answer

    def _opened(self) -> Session:
        from partway.databases import target
        from partway.live.connect import connect

        wanted = target(self.name, self.config)
        session = connect(wanted.address, wanted.limits)
        with self._lock:
            self._session = session
        return session

    def _drop(self) -> None:
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.close()
