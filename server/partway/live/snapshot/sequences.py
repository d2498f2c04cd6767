"""How MariaDB's sequences count: each is asked itself, for in no list do most versions tell."""

from __future__ import annotations

from collections.abc import Sequence

from partway.core.postcondition import Name
from partway.live.sessions.session import Session
from partway.live.snapshot.model import Thing
from partway.live.unreachable import Reason, Unreachable

_ARM = "SELECT {number}, minimum_value, maximum_value, start_value, increment, cache_size, cycle_option FROM {name}"


def counting(session: Session, things: Sequence[Thing]) -> list[Thing]:
    """These things, the sequences among them with what they were told, by one query for all of them. Where another
    session is changing one, or this account may not read one, they stay as they are."""
    found = list(things)
    arms = [
        _ARM.replace("{number}", str(number)).replace("{name}", _written(thing.name))
        for number, thing in enumerate(found)
        if thing.object == "sequence"
    ]
    try:
        rows = session.ask(" UNION ALL ".join(arms)) if arms else []
    except Unreachable as error:
        if error.reason not in (Reason.RIGHTS, Reason.LOCKED, Reason.OTHER):
            raise
        return found
    for number, minimum, maximum, start, increment, cache, cycle in rows:
        said = {
            **found[number].attributes,
            "minimum": str(minimum),
            "maximum": str(maximum),
            "start": str(start),
            "increment": str(increment),
            "cache": str(cache),
            "cycle": "yes" if cycle else "no",
        }
        found[number] = found[number]._replace(attributes=said)
    return found


def _written(name: Name) -> str:
    quoted = [f"`{part.replace('`', '``')}`" for part in (name.schema, name.name) if part]
    return ".".join(quoted)
