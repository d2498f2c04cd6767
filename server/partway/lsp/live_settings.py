"""The editor's settings about the database: which one, and when it is asked."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

#: Seconds: a shorter timer would do nothing but keep the server busy.
SHORTEST = 5.0


class Refresh(StrEnum):
    """When a database is asked besides by timer. Public: the setting's values."""

    ON_SAVE = "onSave"
    ON_COMMAND = "onCommand"


class LiveSettings(NamedTuple):
    """`database` is a name, None for none. `timer` is in seconds, 0 for never."""

    database: str | None = None
    refresh: Refresh = Refresh.ON_SAVE
    timer: float = 0.0


def is_name(given: object) -> bool:
    """Whether this can be a database's name. A URL is none: settings travel in messages that editors write to logs."""
    return isinstance(given, str) and (given.startswith("env:") or "/" not in given) and "@" not in given


def read_live_settings(said: object) -> tuple[LiveSettings, list[str]]:
    """The settings in the editor's `partway` section, and what is wrong in it, in words. Wrong values are left out."""
    wrong: list[str] = []
    if not isinstance(said, dict):
        return LiveSettings(), wrong
    found = LiveSettings()
    if database := said.get("database"):
        if is_name(database):
            found = found._replace(database=str(database))
        else:
            # Not the value itself: it may hold a password.
            wrong.append("partway.database: the name of a database of partway.toml, or env:NAME, not a URL")
    status = said.get("status")
    status = status if isinstance(status, dict) else {}
    refresh, timer = status.get("refresh") or Refresh.ON_SAVE, status.get("timer") or 0
    if refresh in set(Refresh):
        found = found._replace(refresh=Refresh(refresh))
    else:
        wrong.append(f"partway.status.refresh: {refresh!r} is none of {', '.join(Refresh)}")
    if isinstance(timer, bool) or not isinstance(timer, int | float) or not 0 <= timer <= 86_400:
        wrong.append(f"partway.status.timer: {timer!r} is no number of seconds")
    elif timer:
        found = found._replace(timer=max(float(timer), SHORTEST))
    return found, wrong
