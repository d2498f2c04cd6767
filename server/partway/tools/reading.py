"""A file's text to a migration: which tool's it is, in which dialect, and that tool's reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partway.core.migration import Migration, Mode
from partway.core.source import SourceFile
from partway.dialects import dialect_named
from partway.tools.choice import Choice
from partway.tools.evidence import dialect_of_path
from partway.tools.place import Candidate, Certainty, Hints, place
from partway.tools.registry import reader, speaks, tools_for
from partway.tools.setup import Setup

if TYPE_CHECKING:
    from partway.sql.earlier import Earlier
    from partway.tools.beside import Beside

__all__ = ["ASSUMED", "Choice", "identify", "is_migration", "read"]

#: The dialect that is taken when nothing at all names one: the commonest among projects that keep SQL migrations.
ASSUMED = "postgresql"
#: The tool of a file that no other one claims.
PLAIN = "sql"
#: Directives stand at the beginning, after no more than a licence.
HEAD = 4096
_NO_HINTS = Hints()


def read(
    source: SourceFile, choice: Choice, earlier: Earlier | None = None, beside: Beside | None = None
) -> Migration:
    """The migration in this file. What the choice leaves open is told from the path and the text. Never raises.

    `earlier` is what was read of this text's version before: with it only what changed is read. `beside` are the
    project's other files.
    """
    tool = choice.tool or identify(source.path, source.text, Hints(settings=dict(choice.settings)))
    settings = dict(choice.settings)
    dialect = choice.dialect or dialect_of_path(source.path)
    if dialect is None and "databases" not in settings:
        dialect = speaks(tool, source.text)
    setup = Setup(
        tool,
        dialect_named(dialect or ASSUMED),
        choice.server,
        dialect is None,
        Mode(choice.transaction) if choice.transaction else None,
        settings,
        earlier,
        beside,
    )
    return reader(tool).read(source, setup)


def is_migration(path: str, head: str | None, base: str = "") -> bool:
    """Whether a walk through a folder should take this file for a migration, as `walking` says."""
    from partway.tools import walking

    return walking.is_migration(path, head, base)


def identify(path: str, text: str, hints: Hints = _NO_HINTS) -> str:
    """The public name of the tool whose file this is, `sql` where none claims it; the text's beginning is enough."""
    file = Candidate(place(path), text[:HEAD], hints)
    best, found = Certainty.NO, PLAIN
    for tool, module in tools_for(file.place.name):
        certainty = module.recognise(file)
        if certainty and certainty < Certainty.SURE and tool in hints.tools:
            certainty = Certainty(certainty + 1)
        if certainty > best:
            best, found = certainty, tool
    return found
