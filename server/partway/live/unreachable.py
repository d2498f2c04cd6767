"""The one error of this floor: a database could not be asked, and why, in words that hold no secret."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a database could not be asked. Public: part of the JSON of `status`."""

    ADDRESS = "address"  # the URL cannot be read, or the variable that should hold it is not set
    REFUSED = "refused"  # nothing listens there
    HOST = "host"  # the host's name leads nowhere
    PASSWORD = "password"  # noqa: S105 - the word for the reason
    DATABASE = "database"  # the server has no such database, or there is no such file
    TIMEOUT = "timeout"
    TLS = "tls"
    CONNECTIONS = "connections"  # the server takes no more of them
    RIGHTS = "rights"
    LOCKED = "locked"
    LOST = "lost"  # the connection ended while it was in use
    OTHER = "other"


class Unreachable(Exception):
    """A database could not be asked. The message is short, for people, and without secrets."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason
