"""The protocol with nothing between: messages as dictionaries over pipes, for storms, clocks and exit codes."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.lsp.client import SERVER

Message = dict[str, Any]


class Wire:
    """A server in a process, and what it has said. A thread takes its messages as they come and notes when."""

    def __init__(
        self,
        command: Sequence[str] = SERVER,
        *,
        cwd: str | Path | None = None,
        env: Mapping[str, str] | None = None,
        settings: Any = None,
        stderr: int = subprocess.DEVNULL,
    ) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=cwd,
            env={**os.environ, **(env or {})},
        )
        #: What the server is told when it asks for settings.
        self.settings = settings
        #: Answers by id, with the time of their arrival.
        self.answers: dict[Any, tuple[float, Message]] = {}
        #: Notifications and the server's own requests.
        self.said: list[Message] = []
        #: The last published diagnostics of each document, with the time of their arrival.
        self.published: dict[str, tuple[float, Message]] = {}
        self.closed = threading.Event()
        self._arrived = threading.Condition()
        self._number = 0
        self._out: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._write, daemon=True).start()

    def send(self, message: Message) -> float:
        """Send a message; when that was."""
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self._out.put(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        return time.perf_counter()

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._out.put(data)

    def notify(self, method: str, params: Any = None) -> float:
        """Send a notification; when that was."""
        return self.send({"method": method, "params": params if params is not None else {}})

    def ask(self, method: str, params: Any = None) -> int:
        """Send a request; its id."""
        self._number += 1
        self.send({"id": self._number, "method": method, "params": params})
        return self._number

    def answer(self, number: Any, timeout: float = 60) -> Message:
        """The answer to a request, whatever it is."""
        self.wait(lambda: number in self.answers, timeout)
        return self.answers[number][1]

    def call(self, method: str, params: Any = None, timeout: float = 60) -> Any:
        """Ask and wait for the result; an error is a failure."""
        message = self.answer(self.ask(method, params), timeout)
        assert "error" not in message, (method, message["error"])
        return message["result"]

    def wait(self, until: Callable[[], bool], timeout: float = 60) -> None:
        """Wait until something holds of what has been said."""
        with self._arrived:
            if not self._arrived.wait_for(until, timeout):
                raise TimeoutError(f"not within {timeout} s; the server's exit code is {self.process.poll()}")

    def initialize(self, folder: Path | None = None, capabilities: Any = None, options: Any = None) -> Any:
        """Begin a session."""
        folders = [{"uri": folder.as_uri(), "name": folder.name}] if folder else None
        result = self.call(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder.as_uri() if folder else None,
                "workspaceFolders": folders,
                "capabilities": capabilities or {},
                "initializationOptions": options,
            },
        )
        self.notify("initialized")
        return result

    def open(self, uri: str, text: str, version: int = 1) -> float:
        """Open a document."""
        item = {"uri": uri, "languageId": "sql", "version": version, "text": text}
        return self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: Message) -> float:
        """Change a document."""
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)}
        return self.notify("textDocument/didChange", params)

    def shutdown(self) -> int:
        """End the session; the exit code."""
        self.call("shutdown")
        self.notify("exit")
        return self.process.wait(20)

    def end_of_input(self) -> int:
        """Go away without a word; the exit code."""
        self._out.put(None)
        return self.process.wait(20)

    def stop(self) -> None:
        """Make sure that the process is gone."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _write(self) -> None:
        stdin = self.process.stdin
        assert stdin is not None
        try:
            while (data := self._out.get()) is not None:
                stdin.write(data)
                stdin.flush()
            stdin.close()
        except OSError:
            pass  # the server has gone; its exit code tells

    def _read(self) -> None:
        stdout = self.process.stdout
        assert stdout is not None
        while True:
            length = 0
            while (line := stdout.readline()).strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not line:
                break
            body = stdout.read(length)
            now = time.perf_counter()  # how long we take to make sense of it is not the server's business
            self._take(now, json.loads(body))
        self.closed.set()

    def _take(self, now: float, message: Message) -> None:
        reply: Message | None = None
        with self._arrived:
            method = message.get("method")
            if method is None:
                self.answers[message.get("id")] = (now, message)
            else:
                if method == "textDocument/publishDiagnostics":
                    self.published[message["params"]["uri"]] = (now, message["params"])
                else:
                    self.said.append(message)
                if "id" in message:
                    reply = {"id": message["id"], "result": None}
                    if method == "workspace/configuration":
                        reply["result"] = [self.settings for _ in message["params"]["items"]]
            self._arrived.notify_all()
        if reply is not None:
            self.send(reply)
