"""The migrations that are stopped at every point: those whose failure points are tested, and more."""

from __future__ import annotations

from tests.live.migrations import BY_ENGINE as SHARED
from tests.live.migrations import Migration

BY_ENGINE: dict[str, list[Migration]] = {name: list(found) for name, found in SHARED.items()}
