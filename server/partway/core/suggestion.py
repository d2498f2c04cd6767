"""What to say after a name that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` with the nearest of the known names, or nothing when none is near."""
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(name.lower().replace("_", "-"), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""
