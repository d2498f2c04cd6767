"""From start to exit: what is refused when, exit codes as the specification has them, and messages gone wrong."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.client import SERVER
from tests.lsp.samples import MYSQL
from tests.lsp.wire import Wire


def test_exit_after_shutdown_is_0(folder: Path) -> None:
    with Wire(cwd=folder) as wire:
        wire.initialize(folder)
        assert wire.shutdown() == 0


def test_exit_without_shutdown_is_1(folder: Path) -> None:
    with Wire(cwd=folder) as wire:
        wire.initialize(folder)
        wire.notify("exit")
        assert wire.process.wait(20) == 1


def test_exit_before_anything_is_1() -> None:
    with Wire() as wire:
        wire.notify("exit")
        assert wire.process.wait(20) == 1


def test_an_editor_that_goes_away_takes_the_server_with_it(folder: Path) -> None:
    with Wire(cwd=folder) as wire:
        wire.initialize(folder)
        wire.open((folder / "db/migrations/001_a.sql").as_uri(), MYSQL)
        assert wire.end_of_input() == 1


def test_nothing_is_answered_before_initialize_and_after_shutdown(folder: Path) -> None:
    with Wire(cwd=folder) as wire:
        uri = (folder / "db/migrations/001_a.sql").as_uri()
        symbols = {"textDocument": {"uri": uri}}
        early = wire.answer(wire.ask("textDocument/documentSymbol", symbols))
        assert early["error"]["code"] == -32002
        wire.open(uri, MYSQL)  # dropped
        wire.initialize(folder)
        assert wire.call("textDocument/documentSymbol", symbols) == []
        wire.open(uri, MYSQL)
        assert len(wire.call("textDocument/documentSymbol", symbols)) == 2
        wire.call("shutdown")
        late = wire.answer(wire.ask("textDocument/documentSymbol", symbols))
        assert late["error"]["code"] == -32600
        wire.notify("exit")
        assert wire.process.wait(20) == 0


def test_what_makes_no_sense_is_refused_and_the_rest_goes_on(folder: Path) -> None:
    with Wire(cwd=folder) as wire:
        wire.initialize(folder)
        uri = (folder / "db/migrations/001_a.sql").as_uri()
        for method, params, code in (
            ("textDocument/hover", {"textDocument": 7}, -32602),
            ("textDocument/codeAction", {}, -32602),
            ("partway/unheardOf", {}, -32601),
            ("workspace/executeCommand", {"command": "partway.unheardOf"}, -32602),
        ):
            assert wire.answer(wire.ask(method, params))["error"]["code"] == code, method
        wire.notify("partway/unheardOf", {"x": 1})
        wire.notify("$/setTrace", {"value": "verbose"})
        wire.notify("textDocument/didChange", {"textDocument": 7})
        wire.change("file:///nowhere/db/migrations/001_never_opened.sql", 2, {"text": "x"})
        wire.notify("textDocument/didClose", {"textDocument": {"uri": "file:///never/opened.sql"}})
        wire.notify("textDocument/didSave", {"textDocument": {"uri": "file:///never/opened.sql"}})
        wire.notify("$/cancelRequest", {"id": 4711})
        wire.notify("window/workDoneProgress/cancel", {"token": "never seen"})
        for body in (b"{", b"[]", b"null", b"\xff\xfe", json.dumps({"id": 1}).encode()):
            wire.raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        wire.open(uri, MYSQL)
        assert len(wire.call("textDocument/documentSymbol", {"textDocument": {"uri": uri}})) == 2
        assert wire.shutdown() == 0


def test_a_folder_is_not_needed() -> None:
    with Wire() as wire:
        wire.initialize(None)
        uri = "file:///nowhere/db/migrations/001_a.sql"
        wire.open(uri, MYSQL)
        assert wire.call("workspace/diagnostic", {"previousResultIds": []}) == {"items": []}
        wire.wait(lambda: uri in wire.published)
        assert wire.published[uri][1]["diagnostics"]
        assert wire.shutdown() == 0


@pytest.mark.parametrize(
    "late", ["textDocument/didClose", "textDocument/hover", "workspace/diagnostic", "nothing"]
)
def test_an_ordinary_session_leaves_nothing_in_the_log(folder: Path, late: str) -> None:
    with Wire(cwd=folder, stderr=subprocess.PIPE) as wire:
        wire.initialize(folder)
        uri = (folder / "db/migrations/001_a.sql").as_uri()
        wire.open(uri, MYSQL)
        wire.change(uri, 2, {"text": MYSQL})
        wire.notify("$/cancelRequest", {"id": wire.ask("workspace/diagnostic", {"previousResultIds": []})})
        wire.call("shutdown")
        # An editor that closes its windows does not wait for its servers.
        if late == "textDocument/didClose":
            wire.notify(late, {"textDocument": {"uri": uri}})
        elif late != "nothing":
            at = {"line": 0, "character": 0}
            number = wire.ask(late, {"textDocument": {"uri": uri}, "position": at, "previousResultIds": []})
            assert wire.answer(number)["error"]["code"] == -32600
        wire.notify("exit")
        assert wire.process.wait(20) == 0
        assert wire.process.stderr is not None
        assert wire.process.stderr.read() == b""


def test_the_documents_are_never_logged(folder: Path) -> None:
    process = subprocess.Popen(
        [*SERVER, "--verbose", "--log-file", str(folder / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    secret = "CREATE USER root IDENTIFIED BY 'hunter2';\n"
    uri = (folder / "db/migrations/001_a.sql").as_uri()
    item = {"uri": uri, "languageId": "sql", "version": 1, "text": secret}
    messages: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": item}},
        {"method": "textDocument/didOpen", "params": {"textDocument": {**item, "version": secret}}},
        {"method": "textDocument/hover", "params": {"textDocument": {"uri": secret}}},
        {"id": 2, "method": "textDocument/hover", "params": {"textDocument": secret}},
    ]
    data = b""
    for message in messages:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        data += b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    _, errors = process.communicate(data, timeout=30)
    assert process.returncode == 1
    assert b"hunter2" not in errors
    log = folder / "log"
    assert "hunter2" not in (log.read_text() if log.exists() else "")


@pytest.mark.parametrize(("leave", "code"), [("shutdown", 0), ("exit", 1), ("hang up", 1)])
def test_tcp_for_debugging(folder: Path, leave: str, code: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*SERVER, "--tcp", str(port)], stderr=subprocess.PIPE)
    try:
        connection = _connected(port)
        stream = connection.makefile("rwb")

        def send(message: dict[str, object]) -> None:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            stream.flush()

        def receive() -> dict[str, object]:
            length = 0
            while (line := stream.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            message: dict[str, object] = json.loads(stream.read(length))
            return message

        send(
            {
                "id": 1,
                "method": "initialize",
                "params": {"processId": None, "rootUri": None, "capabilities": {}},
            }
        )
        assert receive()["id"] == 1
        send({"method": "initialized", "params": {}})
        uri = (folder / "db/migrations/001_a.sql").as_uri()
        item = {"uri": uri, "languageId": "sql", "version": 1, "text": MYSQL}
        send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
        assert receive()["method"] == "textDocument/publishDiagnostics"
        if leave == "shutdown":
            send({"id": 2, "method": "shutdown"})
            assert receive() == {"jsonrpc": "2.0", "id": 2, "result": None}
        if leave != "hang up":
            send({"method": "exit"})
        stream.close()
        connection.close()
        assert process.wait(20) == code
    finally:
        process.kill()
        process.wait()


def _connected(port: int) -> socket.socket:
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("nobody listens")


def test_a_port_must_be_a_number(folder: Path) -> None:
    done = subprocess.run([*SERVER, "--tcp", "soon"], capture_output=True, timeout=30)
    assert done.returncode == 2
    assert b"--tcp" in done.stderr
    assert b"Traceback" not in done.stderr
