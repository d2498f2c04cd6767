"""MariaDB's normal form of types: MySQL's."""

from __future__ import annotations

from partway.live.normal.mysql import counts_up, normal_type, same_type

__all__ = ["counts_up", "normal_type", "same_type"]
