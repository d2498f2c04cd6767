"""How much is read again to prove fixes. Each proof reads the whole migration, and a file of a thousand operations has
a thousand fixes to prove: without an end to it, an editor would wait for minutes."""

from __future__ import annotations

from partway.core.migration import Migration

#: Characters that are read again for the fixes of one migration: a few seconds' worth.
_MOST = 2_000_000
#: The migration whose fixes were proven last, with what was read for them. The same text, read anew, begins anew.
_latest: list[tuple[Migration, int]] = []


def lasts(migration: Migration, length: int) -> bool:
    """Whether so many characters more may be read to prove a fix of this migration."""
    known, spent = _latest[0] if _latest else (migration, 0)
    spent = (spent if known is migration else 0) + length
    _latest[:] = [(migration, spent)]
    return spent <= _MOST
