"""A database that could not be asked: said quietly, and not tried again at once."""

from __future__ import annotations

import time
from typing import NamedTuple

from partway.live.unreachable import Reason, Unreachable

#: Seconds before a database that could not be asked is asked again unbidden.
PATIENCE = 30.0
_NO_ANSWER = frozenset({Reason.REFUSED, Reason.HOST, Reason.TIMEOUT, Reason.LOST})
_WORDS = {
    Reason.ADDRESS: "not known here",
    Reason.PASSWORD: "wrong or missing password",
    Reason.DATABASE: "there is no such database",
    Reason.TLS: "no TLS connection",
    Reason.CONNECTIONS: "takes no more connections",
    Reason.RIGHTS: "not allowed",
    Reason.LOCKED: "another session holds a lock",
}


class Failure(NamedTuple):
    """Why a database could not be asked, in a few words and in a sentence; `until` when nobody tries again unbidden,
    on the monotonic clock."""

    words: str
    message: str
    until: float

    @classmethod
    def of(cls, error: Unreachable) -> Failure:
        """What an error says, from now on."""
        words = "server does not answer" if error.reason in _NO_ANSWER else _WORDS.get(error.reason)
        return cls(words or str(error), str(error), time.monotonic() + PATIENCE)

    @property
    def fresh(self) -> bool:
        """Whether it is too early to try again."""
        return time.monotonic() < self.until
