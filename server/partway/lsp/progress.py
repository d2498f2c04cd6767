"""Progress that the editor shows while a database is asked, with the way to stop it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from lsprotocol import types

from partway.lsp.protocol import Raw

if TYPE_CHECKING:
    from partway.lsp.server import Server


class Progress:
    """One line of progress for all that is under way at a time; an editor that shows none gets none."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._under_way = 0
        self._begin: asyncio.Task[None] | None = None
        #: The token while the editor shows it.
        self._token: str | None = None

    def is_of(self, token: int | str) -> bool:
        """Whether this token is the one that the editor shows now."""
        return token == self._token

    @contextmanager
    def during(self, title: str) -> Iterator[None]:
        """Show that something takes its time."""
        self._under_way += 1
        window = self._server.client_capabilities.window
        if self._under_way == 1 and self._begin is None and window and window.work_done_progress:
            self._begin = asyncio.ensure_future(self._show(title))
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way and self._token is not None:
                self._send(kind="end")
                self._token = None

    async def _show(self, title: str) -> None:
        """Begin once the editor has agreed, which nobody waits for."""
        token = f"partway-{uuid4()}"
        try:
            await self._server.window_work_done_progress_create_async(
                types.WorkDoneProgressCreateParams(token)
            )
        except Exception:  # noqa: BLE001 - then it is not shown, and all else works
            return
        finally:
            self._begin = None
        if self._under_way:
            self._token = token
            self._send(kind="begin", title=title, cancellable=True)

    def _send(self, **value: Any) -> None:
        self._server.protocol.notify_raw("$/progress", Raw(token=self._token, value=value))
