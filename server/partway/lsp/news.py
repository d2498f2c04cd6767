"""Telling the editor that there is something new to show of a database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from partway.lsp.protocol import Raw

if TYPE_CHECKING:
    from partway.lsp.server import Server

#: Seconds in which answers are gathered before the editor is told.
_GATHER = 0.05


class News:
    """What goes to the editor unasked: to ask again, and how it stands with the database."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._soon: asyncio.TimerHandle | None = None
        self._said = Raw(database=None, state="none", message="")

    def tell(self) -> None:
        """Have the editor ask for lenses, hints and diagnostics anew, once for what happens at about the same time."""
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(_GATHER, self._tell)

    def _tell(self) -> None:
        self._soon = None
        server = self._server
        if server.protocol.writer is None:
            return  # the editor is gone
        self.refresh_lenses()
        workspace = server.client_capabilities.workspace
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            server.workspace_inlay_hint_refresh(None)
        server.show_again()

    def refresh_lenses(self) -> None:
        """Have the editor ask for lenses anew, where it can be told to."""
        workspace = self._server.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self._server.workspace_code_lens_refresh(None)

    def say(self, database: str | None, state: str, message: str) -> None:
        """One quiet line about the database, when it changes."""
        said = Raw(database=database, state=state, message=message)
        if said != self._said:
            self._said = said
            self._server.protocol.notify_raw("partway/status", said)
