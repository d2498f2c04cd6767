"""Takes the snapshot that a migration needs, in the way of the dialect that the server itself speaks."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from partway.core.operation import Operation
from partway.live.sessions.session import Session
from partway.live.snapshot.model import Snapshot
from partway.live.wanted import wanted


def take_snapshot(session: Session, operations: Iterable[Operation]) -> Snapshot:
    """What the catalog says of the things that these operations name. Raises Unreachable."""
    taking = import_module(f"partway.live.snapshot.{session.dialect}")
    snapshot: Snapshot = taking.take(session, wanted(operations))
    return snapshot
