"""How much is read again to prove fixes. Each proof reads the whole migration, and a file of a thousand operations has
a thousand fixes to prove: without an end to it, an editor would wait for minutes."""

from __future__ import annotations

from partway.core.source import SourceFile

#: Characters that are read again for the fixes of one text: a few seconds' worth.
_MOST = 2_000_000
#: The text whose fixes were proven last, with what was read for them.
_latest: list[tuple[SourceFile, int]] = []


def lasts(source: SourceFile, length: int) -> bool:
    """Whether so many characters more may be read to prove a fix of this text."""
    known, spent = _latest[0] if _latest else (source, 0)
    spent = (spent if known is source else 0) + length
    _latest[:] = [(source, spent)]
    return spent <= _MOST
