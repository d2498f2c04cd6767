"""A migration tool in processes of its own: a worker that loads the tool once and forks a fresh process per project.

The worker reads the path of a Unix socket per line from its standard input, forks, and the new process connects there
and answers requests, one JSON object a line. So nothing that a project does (classes, settings, open transactions)
reaches the next one, starting takes milliseconds, and a process that is killed is noticed: its socket closes. When we
end, however we end, the pipe and the sockets close, and they all end too.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.engines.process import Unavailable

START_SECONDS = 60
# Longer than the lock timeout that every process sets in its database session.
ANSWER_SECONDS = 60


class Died(Exception):
    """The process ended, or was ended for want of an answer, while a request was under way."""


class Broken(Exception):
    """The harness itself failed in the process: what happened there, with its traceback."""


class Conversation:
    """One project's process."""

    def __init__(self, connection: socket.socket, log: Path) -> None:
        self._connection = connection
        self._connection.settimeout(ANSWER_SECONDS)
        self._lines = connection.makefile("r", encoding="utf-8")
        self._log = log
        self._pid = int(json.loads(self._lines.readline())["pid"])

    def ask(self, request: str, **arguments: object) -> dict[str, Any]:
        """The answer to one request; `Died` or `Broken` where there is none."""
        try:
            self._connection.sendall(json.dumps({"request": request, **arguments}).encode() + b"\n")
            line = self._lines.readline()
        except TimeoutError as error:
            self.close()
            raise Died(f"no answer within {ANSWER_SECONDS} seconds") from error
        except OSError:
            line = ""
        if not line:
            self.close()
            raise Died("the process ended")
        answer: dict[str, Any] = json.loads(line)
        if broken := answer.get("broken"):
            raise Broken(f"{broken}\n{self._log.read_text(errors='replace')[-2000:]}")
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing; its database sessions end with it."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        # The end of the socket says that the process, and with it its sessions' client side, is gone.
        with suppress(OSError):
            self._connection.settimeout(5)
            while self._connection.recv(4096):
                pass
        self._lines.close()
        self._connection.close()


class Worker:
    """The tool, loaded and waiting. `version` is what it says of itself."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        """Start it; `Unavailable` with its last words where it cannot start."""
        self.folder = folder
        self._log = folder / "worker.log"
        # A socket's path must be short; that of a test's folder may not be.
        self._sockets = Path(tempfile.mkdtemp(prefix="partway-"))
        self._count = 0
        with self._log.open("wb") as log:
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=_clean_environment(folder),
                    cwd=Path(__file__).resolve().parents[2],
                    start_new_session=True,  # so that Ctrl-C reaches us alone
                )
            except OSError as error:
                self._sockets.rmdir()
                raise Unavailable(f"{command[0]} cannot run: {error}") from error
        atexit.register(self.close)
        self.version = self._ready()

    def _ready(self) -> str:
        assert self._process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            line = self._process.stdout.readline() if selector.select(START_SECONDS) else b""
        if not line:
            self.close()
            words = self._log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
            telling = next((line for line in words if "Error" in line), words[-1])
            raise Unavailable(f"it did not start: {telling}")
        return str(json.loads(line)["version"])

    def fork(self) -> Conversation:
        """A new process in which nothing has happened yet."""
        assert self._process.stdin
        self._count += 1
        path = self._sockets / str(self._count)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(1)
            listener.settimeout(START_SECONDS)
            self._process.stdin.write(f"{path}\n".encode())
            self._process.stdin.flush()
            connection, _ = listener.accept()
        path.unlink()
        return Conversation(connection, self._log)

    def close(self) -> None:
        """End the worker; a second call does nothing."""
        atexit.unregister(self.close)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
        shutil.rmtree(self._sockets, ignore_errors=True)


def _clean_environment(folder: Path) -> dict[str, str]:
    """Nothing of the user's settings: no RAILS_ENV, DATABASE_URL, DJANGO_SETTINGS_MODULE, GEM_HOME or .pgpass."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "TZ": "UTC"}
