"""What is known about how a migration will be run, from a flag, the configuration or the project's own files."""

from __future__ import annotations

from typing import NamedTuple

from partway.tools.registry import names

#: The public names of the tools, as `--tool` takes them.
TOOLS = names()


class Choice(NamedTuple):
    """Tool, dialect, server version and transaction mode, each None or empty where nobody said.

    `transaction` is a `Mode`'s value. `settings` are (name, value) pairs, sorted by name, of what the project's files
    tell the tool that runs the migration: ("flyway.group", "true"), ("prisma.version", "6.2"). `foreign` names a
    database that the place of the file, or the project, speaks of and Partway has no dialect for ("cockroach"): such a
    file is left alone when a folder is walked.
    """

    tool: str | None = None
    dialect: str | None = None
    server: tuple[int, ...] = ()
    transaction: str | None = None
    settings: tuple[tuple[str, str], ...] = ()
    foreign: str = ""

    def overridden_by(self, other: Choice) -> Choice:
        """This choice with everything that the other one says said its way.

        A dialect given takes the place of a foreign database, and of a server version that was another dialect's.
        """
        if other == NOTHING_SAID:
            return self
        changed = other.dialect is not None and other.dialect != self.dialect
        return Choice(
            other.tool or self.tool,
            other.dialect or self.dialect,
            other.server or (() if changed else self.server),
            other.transaction or self.transaction,
            tuple(sorted({**dict(self.settings), **dict(other.settings)}.items())),
            other.foreign or ("" if other.dialect else self.foreign),
        )


NOTHING_SAID = Choice()
