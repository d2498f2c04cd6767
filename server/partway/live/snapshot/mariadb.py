"""MariaDB's catalog to a Snapshot."""

from __future__ import annotations

from partway.live.snapshot.information_schema import take

__all__ = ["take"]
