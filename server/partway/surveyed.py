"""What is asked of migrations in a database, and what there is to say of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from partway import status
from partway.analysis import Analysis
from partway.live.snapshot.model import Snapshot
from partway.live.state import Standing
from partway.status import Told
from partway.tools.history import File


class Given(NamedTuple):
    """A migration's file in hand: its path as it is shown, its text under its full path, the tool, what the project's
    files tell the tool, how it is read (None: it is no migration after all, or could not be read), and the database
    that it is said to be for (None: any)."""

    shown: str
    file: File
    tool: str
    settings: Mapping[str, str]
    read: Callable[[], Analysis | None]
    dialect: str | None = None


class Found(NamedTuple):
    """What there is to say of one migration. `analysis` and `standing` are None where the books and what all migrations
    leave together say enough; `told` is None where its tool keeps no books. `total` is the number of operations."""

    given: Given
    analysis: Analysis | None
    standing: Standing | None
    told: Told | None
    total: int
    #: What the database said of it, where it was looked at by itself.
    snapshot: Snapshot | None = None

    @property
    def troubled(self) -> bool | None:
        """Whether somebody has to do something; None where that cannot be told."""
        if self.told is not None:
            return self.told.judged.troubled
        return self.standing.half_way if self.standing is not None else None


class Survey(NamedTuple):
    """Migrations in the order of their tools, those of a tool together; what keeps a tool from running any of them; and
    the snapshot that says so."""

    found: tuple[Found, ...]
    troubles: tuple[str, ...]
    snapshot: Snapshot

    def documents(self, database: str) -> list[dict[str, Any]]:
        """What the JSON of `status` says: a whole document for each migration whose operations were looked at, a short
        one for the others."""
        return [_document(one, self.snapshot, database) for one in self.found]


def _document(one: Found, snapshot: Snapshot, database: str) -> dict[str, Any]:
    if one.analysis is not None and one.standing is not None:
        return status.document(one.given.shown, one.analysis, one.standing, snapshot, database, one.told)
    told = one.told
    words = told.judged.words if told is not None else "nothing of it is seen to be half way"
    return {
        "path": one.given.shown,
        "tool": one.given.tool,
        "dialect": snapshot.dialect,
        "identity": (told.recorded.identity if told is not None else "") or None,
        "database": database,
        "half_way": one.troubled if told is not None else False,
        "sentence": f"{status.stem(one.given.shown)}: {words}",
        "failure_point": None,
        # To list what came before and after each of thousands would be millions of names.
        "history": status.history(told) | {"later": None, "earlier": None} if told is not None else None,
        "operations": None,
        "operation_count": one.total,
        "not_read": dict(snapshot.unseen),
        "hidden": snapshot.hidden or None,
        "locked": [],
    }
