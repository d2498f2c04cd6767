"""What a file or folder looks like from outside: as long as this is the same, nobody need look inside again."""

from __future__ import annotations

import os

#: Size, time of the last change in nanoseconds, and inode; None for what is not there.
Footprint = tuple[int, int, int] | None


def footprint(path: str) -> Footprint:
    """The footprint of what this path leads to now. A folder's changes when a name in it comes or goes."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino
