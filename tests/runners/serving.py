"""The Python side of a worker: what Django's and Alembic's workers share. See `tests.runners.worker`."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import traceback
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NoReturn, Protocol


class Stopped(Exception):
    """The fault that a test asked for."""


class Fault:
    """Counts the operations of one run, and stops it after one of them, when that is asked for."""

    def __init__(self, wish: dict[str, Any] | None) -> None:
        self._left = wish["after"] if wish else -1
        self._kill = wish["how"] == "kill" if wish else False
        self._unit = wish.get("unit", "operation") if wish else "operation"

    def operation_done(self) -> None:
        """To be called after each operation."""
        self._done("operation")

    def statement_done(self) -> None:
        """To be called after each statement that changes something."""
        self._done("statement")

    def _done(self, unit: str) -> None:
        if unit != self._unit:
            return
        self._left -= 1
        if self._left == 0:
            if self._kill:
                os.kill(os.getpid(), signal.SIGKILL)
            raise Stopped("the test stops the migration here")


class Service(ABC):
    """What a worker's process can do for its project."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @abstractmethod
    def open(self, request: dict[str, Any]) -> None:
        """Prepare the project in `request["folder"]` and make the tool's tracking table."""

    @abstractmethod
    def up(self, name: str, fault: Fault) -> None:
        """Run one migration, and what it needs."""

    @abstractmethod
    def down(self, name: str, fault: Fault) -> None:
        """Take one migration back."""

    @abstractmethod
    def migrate(self, fault: Fault) -> None:
        """Run all that is pending."""

    @abstractmethod
    def mark(self, name: str, applied: bool) -> None:
        """Say in the tracking table that it ran, or that it did not, without running it."""

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do one request. Only what the tool itself raises becomes an outcome."""
        if request["request"] == "open":
            self.open(request)
            return {}
        work: Callable[[], None] = {
            "up": lambda: self.up(request["name"], Fault(request["fault"])),
            "down": lambda: self.down(request["name"], Fault(request["fault"])),
            "migrate": lambda: self.migrate(Fault(request["fault"])),
            "mark": lambda: self.mark(request["name"], request["applied"]),
        }[request["request"]]
        self.statements.clear()
        error = ""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                work()
            except (Exception, SystemExit) as raised:  # noqa: BLE001 # a tool may raise anything
                error = f"{type(raised).__name__}: {raised}"
        return {
            "error": error,
            "statements": self.statements,
            "warnings": [f"{warning.category.__name__}: {warning.message}" for warning in caught],
        }


class MakeService(Protocol):
    """Makes a project's service, in the process that is the project's own."""

    def __call__(self) -> Service: ...


def serve(version: str, make: MakeService) -> None:
    """Say that we are ready, then fork for each socket named on standard input until that ends."""
    ready = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a tool prints goes to the log
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print(json.dumps({"version": version}), file=ready, flush=True)
    for line in sys.stdin:
        if os.fork() == 0:
            ready.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _converse(line.strip(), make)


def _converse(path: str, make: MakeService) -> NoReturn:
    """Answer requests on that socket until it closes."""
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    lines = connection.makefile("rw", encoding="utf-8")
    print(json.dumps({"pid": os.getpid()}), file=lines, flush=True)
    service = make()
    for line in lines:
        try:
            answer = service.answer(json.loads(line))
        except BaseException:  # noqa: BLE001 # said to the test, which raises it
            answer = {"broken": traceback.format_exc()}
        print(json.dumps(answer, default=str), file=lines, flush=True)
    os._exit(0)
