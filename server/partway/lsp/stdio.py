"""Messages over stdin and stdout: one thread reads whole messages and hands each to the event loop in one step.

pygls takes three steps through its thread pool for a message (a header, an empty line, the body), which is most of the
time between a keystroke and its findings in a short file.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from partway.lsp.server import Server

logger = logging.getLogger("partway")


async def serve(server: Server, stdin: BinaryIO) -> None:
    """Deal with what comes in until there is no more. SystemExit comes out of here when the editor says exit."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def deal(body: bytes) -> None:
        try:
            message = json.loads(body)
            if isinstance(message, dict):
                server.protocol.handle_message(server.protocol.structure_message(message))
        except Exception as error:  # noqa: BLE001 - a message gone wrong; the next one may be right
            # Never with its traceback, which may quote a document.
            logger.error("a message could not be dealt with: %s", type(error).__name__)  # noqa: TRY400 - no text in logs

    def read() -> None:
        try:
            while (body := _message(stdin)) is not None:
                loop.call_soon_threadsafe(deal, body)
            loop.call_soon_threadsafe(ended.set)
        except (OSError, ValueError, RuntimeError):
            pass  # the loop has ended, and stdin with it

    threading.Thread(target=read, name="stdin", daemon=True).start()
    await ended.wait()


def _message(stdin: BinaryIO) -> bytes | None:
    """The next message's body; None at the end of the input."""
    length = 0
    while True:
        line = stdin.readline()
        if not line:
            return None
        if not line.strip():
            if length:
                break
            continue
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
    body = stdin.read(length)
    return body if len(body) == length else None
