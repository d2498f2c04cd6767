"""Opens the one read-only session that a database is asked through."""

from __future__ import annotations

from importlib import import_module

from partway.live.sessions.session import Limits, Session
from partway.live.unreachable import Reason, Unreachable
from partway.live.url import Address

__all__ = ["Limits", "Session", "connect"]

_SESSIONS = {
    "postgresql": ("postgresql", "PostgresqlSession"),
    "mysql": ("mysql", "MysqlSession"),
    "mariadb": ("mysql", "MysqlSession"),
    "sqlite": ("sqlite", "SqliteSession"),
}


def connect(address: Address, limits: Limits = Limits()) -> Session:  # noqa: B008 - a value that cannot change
    """A session on this database, read-only before anything is asked. Raises Unreachable."""
    module, name = _SESSIONS[address.dialect]
    try:
        opener = getattr(import_module(f"partway.live.sessions.{module}"), name)
        session: Session = opener(address, limits)
    except ImportError as error:
        raise Unreachable(
            Reason.OTHER, f"the driver for {address.dialect} is not installed: {error.name}"
        ) from None
    return session
