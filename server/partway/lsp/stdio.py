"""Messages over stdin and stdout: the event loop takes them straight from the pipe, and each is dealt with in one step.

pygls takes three steps through its thread pool for a message (a header, an empty line, the body), which is most of the
time between a keystroke and its findings in a short file. Where the loop cannot wait for stdin (Windows, a file), one
thread reads and hands each message over, which takes two more switches between threads.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from partway.lsp.server import Server

logger = logging.getLogger("partway")
#: So much is read at a time: what else is due in the loop gets its turn in between.
_PIECE = 1 << 16


async def serve(server: Server, stdin: BinaryIO) -> None:
    """Deal with what comes in until there is no more. SystemExit comes out of here when the editor says exit."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def deal(body: bytes) -> None:
        try:
            message = json.loads(body)
            if isinstance(message, dict):
                server.protocol.take(message)
        except Exception as error:  # noqa: BLE001 - a message gone wrong; the next one may be right
            # Never with its traceback, which may quote a document.
            logger.error("a message could not be dealt with: %s", type(error).__name__)  # noqa: TRY400 - no text in logs

    def deal_with_all(bodies: Iterable[bytes]) -> None:
        for body in bodies:
            deal(body)
        # At once: another turn of the loop would cost a twentieth of the time from key to findings.
        server.look_ahead()

    if not _wait(loop, stdin, deal_with_all, ended):
        _read_in_thread(loop, stdin, deal_with_all, ended)
    await ended.wait()


def _wait(
    loop: asyncio.AbstractEventLoop,
    stdin: BinaryIO,
    deal: Callable[[Iterable[bytes]], None],
    ended: asyncio.Event,
) -> bool:
    """Have the loop wait for stdin; False where it cannot."""
    received = Received()

    def arrived() -> None:
        try:
            piece = os.read(stdin.fileno(), _PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            loop.remove_reader(stdin.fileno())
            ended.set()
        deal(received.messages(piece))

    try:
        loop.add_reader(stdin.fileno(), arrived)
    except (OSError, ValueError, NotImplementedError):
        return False
    return True


class Received:
    """The bytes of messages as they come in, in pieces of any length."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._length = -1  # of the body that is being read; none yet

    def messages(self, piece: bytes) -> Iterator[bytes]:
        """The bodies that are whole with this piece."""
        self._data += piece
        while True:
            if self._length < 0 and not self._head():
                return
            if len(self._data) < self._length:
                return
            body = bytes(self._data[: self._length])
            del self._data[: self._length]
            self._length = -1
            yield body

    def _head(self) -> bool:
        """Take the lines before a body, up to the empty one; False where they are not all there."""
        found, at = 0, 0
        while (end := self._data.find(b"\n", at)) >= 0:
            line = bytes(self._data[at:end])
            at = end + 1
            if line.strip():
                found = _length(line) or found
            elif found:
                del self._data[:at]
                self._length = found
                return True
        return False


def _read_in_thread(
    loop: asyncio.AbstractEventLoop,
    stdin: BinaryIO,
    deal: Callable[[Iterable[bytes]], None],
    ended: asyncio.Event,
) -> None:
    def read() -> None:
        try:
            while (body := _message(stdin)) is not None:
                loop.call_soon_threadsafe(deal, [body])
            loop.call_soon_threadsafe(ended.set)
        except (OSError, ValueError, RuntimeError):
            pass  # the loop has ended, and stdin with it

    threading.Thread(target=read, name="stdin", daemon=True).start()


def _message(stdin: BinaryIO) -> bytes | None:
    """The next message's body; None at the end of the input."""
    length = 0
    while True:
        line = stdin.readline()
        if not line:
            return None
        if line.strip():
            length = _length(line) or length
        elif length:
            break
    body = stdin.read(length)
    return body if len(body) == length else None


def _length(line: bytes) -> int:
    """The length that a header line gives; 0 where it gives none."""
    name, _, value = line.partition(b":")
    given = name.strip().lower() == b"content-length" and value.strip().isdigit()
    return int(value) if given else 0
