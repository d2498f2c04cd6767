"""Where a resume migration goes: its name and number, behind the failed migration and before whatever follows it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

#: How people write the time of a migration into its name: 20260215093000.
_TIME = "%Y%m%d%H%M%S"
_TIME_DIGITS = 14
_DIGITS = re.compile(r"\d+")


def next_number(failed: str, following: Sequence[str]) -> str | None:
    """A number right behind the failed one's, as wide as it, and below those that follow; None where there is none.
    A number that is a time stays one."""
    taken = {int(one) for one in following}
    least = min(taken, default=None)
    found = _second_later(failed) if len(failed) == _TIME_DIGITS else int(failed) + 1
    if found is None or (least is not None and found >= least):
        return None
    return str(found).zfill(len(failed))


def _second_later(text: str) -> int | None:
    try:
        time = datetime.strptime(text, _TIME)  # noqa: DTZ007 - nobody says in which zone it is
    except ValueError:
        return int(text) + 1
    return int((time + timedelta(seconds=1)).strftime(_TIME))


def next_version(failed: str, following: Collection[tuple[int, ...]]) -> str:
    """A version of parts (Flyway's 2.1) behind the failed one's and below those that follow, of which there is always
    one: 2, 2.1, 2.0.1, ..."""
    parts = [int(part) for part in _DIGITS.findall(failed)]
    separator = "." if "_" not in failed else "_"
    least = min(following, default=None)
    zeros: list[int] = []
    while least is not None and (*parts, *zeros, 1) >= least:
        zeros.append(0)
    return separator.join([failed, *map(str, zeros), "1"])
