"""What is said to people on the side: colour or not, messages on stderr, progress on long runs."""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

BOLD, DIM, OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def colourful(stream: TextIO) -> bool:
    """Whether to colour what goes there: on a terminal, unless NO_COLOR is set; anywhere, if FORCE_COLOR is.

    https://no-color.org and https://force-color.org: set and not empty is what counts, and NO_COLOR wins.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def plain(markdown: str) -> str:
    """A line of Markdown without the marks that a terminal has no use for."""
    return markdown.replace("**", "").replace("`", "")


def complain(message: str, *, kind: str = "error") -> None:
    """One line on stderr, free of characters that would do something to a terminal."""
    from partway.cli.formats.text import printable

    sys.stderr.write(f"partway: {kind}: {printable(message)}\n")


class Progress:
    """`12 of 436 files` on stderr, on a terminal only, once a run has taken a second; it leaves no trace."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._next = time.monotonic() + 1.0
        self._shown = False
        self._on = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def at(self, number: int) -> None:
        """So many are done."""
        if not self._on or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.1
        self._shown = True
        sys.stderr.write(f"\r\x1b[Kreading {number} of {self._total} files")
        sys.stderr.flush()

    def done(self) -> None:
        """Wipe it away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
