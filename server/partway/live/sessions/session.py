"""What every session has in common: limits, a deadline that no silent server outlives, round trips counted."""

from __future__ import annotations

import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

from partway.dialects.dialect import Version
from partway.live.unreachable import Reason, Unreachable
from partway.live.url import Address

Row = tuple[Any, ...]


class Limits(NamedTuple):
    """How long to wait, in seconds: for a connection, for one answer, for a lock that another session holds."""

    connect: float = 5.0
    statement: float = 10.0
    lock: float = 2.0


class Session(ABC):
    """One connection on which nothing but reads can be run. For one thread at a time; `close` may come from another.

    `dialect` and `server` are what the server itself says. `round_trips` counts what was sent after logging in.
    """

    dialect: str
    server: Version

    def __init__(self, address: Address, limits: Limits) -> None:
        self.address = address
        self.limits = limits
        self.round_trips = 0
        self._late = False

    @abstractmethod
    def _run(self, sql: str, parameters: Mapping[str, object] | None) -> list[Row]:
        """Send one query and take its rows; whatever the driver raises goes through."""

    @abstractmethod
    def _reason(self, error: Exception) -> tuple[Reason, str]:
        """Why a driver's error says that it failed, and the server's words for it."""

    @abstractmethod
    def _cut(self) -> None:
        """End the connection from another thread, so that whoever waits on it gets an error."""

    @abstractmethod
    def close(self) -> None:
        """End the session. Never raises."""

    def rest(self) -> None:  # noqa: B027 - where nothing is left open
        """Leave nothing open on the server until `again`, so that a connection can be kept. Raises Unreachable."""

    def again(self) -> None:  # noqa: B027 - where each query sees what is there
        """Begin another look: what is asked from here on is as it is now. Raises Unreachable."""

    def look_in(self, schemas: Sequence[str]) -> None:  # noqa: B027 - where names are looked for in one place
        """From here on names without a schema are looked for in these, or with none as the server has it. Raises
        Unreachable."""

    def abandon(self) -> None:
        """From another thread: end what is being waited for. The session is of no use after it."""
        self._cut()

    def ask(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of one query. Raises Unreachable."""
        self.round_trips += 1
        with self.deadline(self.limits.statement + self.limits.lock + 1):
            return self._run(sql, parameters)

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """Cut the connection if what is inside takes longer: a server can accept everything and never answer."""
        timer = threading.Timer(seconds, self._too_late)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Unreachable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, no caller knows it
            self.fail(error)
        finally:
            timer.cancel()

    def fail(self, error: Exception) -> NoReturn:
        """Raise Unreachable for what a driver raised."""
        if self._late:
            reason, said = Reason.TIMEOUT, ""
        else:
            reason, said = self._reason(error)
        # `from None`: the driver's own error may hold the connection's parameters.
        raise Unreachable(reason, self._message(reason, said)) from None

    def _too_late(self) -> None:
        self._late = True
        self._cut()

    def _message(self, reason: Reason, said: str) -> str:
        address = self.address
        where = address.shown
        words: dict[Reason, Callable[[], str]] = {
            Reason.REFUSED: lambda: f"nothing listens at {address.host}:{address.port or 'its usual port'}",
            Reason.HOST: lambda: f"there is no host {address.host}",
            Reason.PASSWORD: lambda: (
                f"{where} refuses user {address.user or '(none)'}: wrong or missing password"
            ),
            Reason.DATABASE: lambda: f"there is no database {address.database or '(none named)'} at {where}",
            Reason.TIMEOUT: lambda: f"{where} did not answer in time",
            Reason.CONNECTIONS: lambda: f"{where} takes no more connections",
            Reason.LOCKED: lambda: f"another session at {where} holds a lock that this question waits for",
            Reason.LOST: lambda: f"the connection to {where} was lost",
        }
        if reason in words:
            return words[reason]()
        heading = {Reason.TLS: "no TLS connection to", Reason.RIGHTS: "not allowed at"}.get(
            reason, "trouble at"
        )
        return f"{heading} {where}: {self.clean(said)}"

    def clean(self, said: str) -> str:
        """The first line of a server's words, without this address's secrets."""
        line = re.sub(r"\s+", " ", said.strip().partition("\n")[0])[:300]
        for secret in self.address.secrets:
            line = line.replace(secret, "***")
        return line
