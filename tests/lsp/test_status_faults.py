"""A database that is down, silent or slow: one quiet line, an editor as quick as before, and no secret anywhere."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from partway.config import Config, Database
from partway.live.sessions.session import Session
from partway.live.unreachable import Unreachable
from partway.lsp.asking import Desk
from tests.lsp.client import SERVER, at
from tests.lsp.halfway import NAME, TEXT, command, half_way, labels, lenses, run, shown, until, watching
from tests.lsp.wire import Wire

asynchronous = pytest.mark.asyncio(loop_scope="function")


@contextmanager
def silent_server() -> Iterator[tuple[int, list[socket.socket]]]:
    """A server that takes every connection and never says a word: its port, and the connections so far."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        taken: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    taken.append(listening.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        try:
            yield listening.getsockname()[1], taken
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for one in taken:
                one.close()


def _configured(folder: Path, url: str) -> None:
    (folder / "partway.toml").write_text(
        f'tool = "sql"\n[databases.dev]\nurl = "{url}"\nconnect-timeout = 2\nstatement-timeout = 2\n'
    )


@asynchronous
async def test_a_silent_server(folder: Path) -> None:
    with silent_server() as (port, taken):
        _configured(folder, f"postgresql://127.0.0.1:{port}/shop")
        editor, client = await watching("neovim", folder, {"database": "dev"})
        uri = editor.open(NAME, TEXT)
        assert await shown(editor, uri, "asking") == ["asking dev..."]
        await until("a connection", lambda: taken)
        # Meanwhile typing is answered as ever.
        for number in range(20):
            editor.change(uri, (at(0, number, 0, number), "-"))
            began = time.perf_counter()
            await editor.diagnostics(uri)
            assert time.perf_counter() - began < 1
        assert len(taken) == 1
        assert await shown(editor, uri, "dev: ") == ["dev: server does not answer", "Refresh"]
        assert [one.state for one in client.said] == ["chosen", "asking", "unavailable"]
        assert "did not answer in time" in client.said[-1].message
        # Nobody tries again by himself so soon.
        for _ in range(3):
            editor.save(uri)
            await editor.configured()
        assert len(taken) == 1
        assert client.messages == []
        assert await labels(editor, uri) == []
        # A person may.
        assert await command(editor, "refreshStatus", {"uri": uri}) is None
        assert len(taken) == 2
        assert await editor.stop() == 0


@asynchronous
async def test_a_server_that_is_down_and_comes_back(folder: Path) -> None:
    text = half_way(folder)
    (folder / "dev.db").rename(folder / "away.db")
    editor, client = await watching("neovim", folder, {"database": "dev"})
    uri = editor.open(NAME, text)
    assert await shown(editor, uri, "dev: ") == ["dev: there is no such database", "Refresh"]
    (folder / "away.db").rename(folder / "dev.db")
    await command(editor, "refreshStatus", {"uri": uri})
    await shown(editor, uri, "2 to 3")
    assert client.said[-1].state == "answering"
    (folder / "dev.db").unlink()
    editor.save(uri)
    await shown(editor, uri, "dev: there is no such database")
    assert await labels(editor, uri) == []
    assert client.messages == []
    assert await editor.stop() == 0


@asynchronous
async def test_a_document_that_is_closed_is_asked_about_no_more(folder: Path) -> None:
    with silent_server() as (port, taken):
        _configured(folder, f"mysql://127.0.0.1:{port}/shop")
        editor, client = await watching("neovim", folder, {"database": "dev"})
        first = editor.open(NAME, TEXT)
        second = editor.open("migrations/002_more.sql", TEXT)
        await until("a connection", lambda: taken)
        editor.close(second)
        editor.close(first)
        await editor.configured()
        await asyncio.sleep(3.5)
        assert len(taken) == 1
        assert [one.state for one in client.said] == ["chosen", "asking"]
        [token] = client.tokens
        assert client.progressed[token][-1]["kind"] == "end"
        assert await editor.stop() == 0


@asynchronous
async def test_work_that_the_user_stops(folder: Path) -> None:
    with silent_server() as (port, _):
        _configured(folder, f"postgresql://127.0.0.1:{port}/shop")
        editor, client = await watching("neovim", folder, {"database": "dev"})
        uri = editor.open(NAME, TEXT)
        await until("progress", lambda: client.tokens and client.progressed.get(client.tokens[0]))
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(client.tokens[0]))
        await until("an end", lambda: client.progressed[client.tokens[0]][-1]["kind"] == "end")
        assert await lenses(editor, uri) == ["Ask dev what is applied"]
        assert await editor.stop() == 0


@asynchronous
async def test_the_timer_asks_again(folder: Path) -> None:
    text = half_way(folder)
    editor, _ = await watching("neovim", folder, {"database": "dev", "status": {"timer": 5}})
    uri = editor.open(NAME, text)
    await shown(editor, uri, "2 to 3")
    run(folder / "dev.db", "CREATE INDEX users_role ON users (role_id)")
    await shown(editor, uri, "4 of 5")
    assert await editor.stop() == 0


def _desk(folder: Path) -> Desk:
    run(folder / "dev.db", "CREATE TABLE a (b)")
    return Desk("dev", Config(str(folder), databases=(Database("dev", "sqlite:///dev.db"),)))


_ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@asynchronous
async def test_a_question_that_is_given_up_is_cut_short(folder: Path) -> None:
    desk = _desk(folder)
    begun = threading.Event()

    def endless(session: Session) -> Any:
        begun.set()
        return session.ask(_ENDLESS)

    task = asyncio.ensure_future(desk.ask(endless))
    await asyncio.to_thread(begun.wait, 10)
    await asyncio.sleep(0.1)
    before = time.perf_counter()
    task.cancel()
    # The next one has a connection of its own.
    assert await desk.ask(lambda session: session.ask("SELECT name FROM sqlite_master")) == [("a",)]
    assert time.perf_counter() - before < 5
    assert task.cancelled()
    desk.close()


@asynchronous
async def test_a_desk_whose_question_fails_takes_the_next(folder: Path) -> None:
    desk = _desk(folder)
    with pytest.raises(Unreachable):
        await desk.ask(lambda session: session.ask("SELECT nothing FROM nowhere"))
    with pytest.raises(ZeroDivisionError):
        await desk.ask(lambda _: 1 / 0)
    assert await desk.ask(lambda session: session.ask("SELECT 1")) == [(1,)]
    desk.close()
    assert await desk.ask(lambda session: session.ask("SELECT 2")) == [(2,)]
    desk.close()


SECRET = "Tr0ub4dor-marked"


def test_secrets_are_nowhere(tmp_path: Path) -> None:
    """A marked password in every place that may hold one: not in an answer, a notification, a log or on stderr."""
    folder = tmp_path / "project"
    (folder / "config").mkdir(parents=True)
    (folder / ".git").mkdir()
    log, stderr = tmp_path / "log", tmp_path / "stderr"
    with silent_server() as (port, _), open(stderr, "wb") as errors:
        down = f"postgresql://marked:{SECRET}@127.0.0.1:1/shop"
        silent = f"mysql://marked:{SECRET}@127.0.0.1:{port}/shop?password={SECRET}"
        (folder / "partway.toml").write_text(
            'tool = "sql"\n[databases.down]\nurl = "env:DOWN_URL"\nconnect-timeout = 1\n'
            '[databases.silent]\nurl = "env:SILENT_URL"\nconnect-timeout = 1\nstatement-timeout = 1\n'
            "lock-timeout = 1\n"
            '[databases.garbled]\nurl = "env:GARBLED_URL"\n'
        )
        (folder / "config/database.yml").write_text(
            f"development:\n  adapter: mysql2\n  host: 127.0.0.1\n  port: 1\n  database: shop\n"
            f"  username: marked\n  password: {SECRET}\n"
        )
        (folder / ".env").write_text(f"OTHER_URL={down}\n")
        env = {"DOWN_URL": down, "SILENT_URL": silent, "GARBLED_URL": f"what://marked:{SECRET}@["}
        with Wire(
            [*SERVER, "--verbose", "--log-file", str(log)],
            cwd=folder,
            env=env,
            settings={"database": down, "status": {"refresh": "onSave"}},
            stderr=errors.fileno(),
        ) as wire:
            capable = {
                "workspace": {"configuration": True, "codeLens": {"refreshSupport": True}},
                "window": {"workDoneProgress": True},
            }
            wire.initialize(folder, capable, {"settings": {"database": silent}})
            uri = (folder / NAME).as_uri()
            wire.open(uri, TEXT)
            known = _command(wire, "databases", {"uri": uri})
            assert {one["name"] for one in known} >= {
                "down",
                "silent",
                "garbled",
                "rails:development",
                "OTHER_URL",
            }
            for name in (*(one["name"] for one in known), down, "env:DOWN_URL", f"nobody:{SECRET}@x", None):
                _command(wire, "useDatabase", name)
                _command(wire, "refreshStatus", {"uri": uri})
                _command(wire, "projectStatus")
                wire.call("textDocument/codeLens", {"textDocument": {"uri": uri}})
                _command(wire, "showStatus", {"uri": uri})
            assert wire.shutdown() == 0
            said = json.dumps([wire.answers, wire.said, wire.published])
    assert "unavailable" in said
    assert "not by a URL" in said
    assert "not a URL" in said
    for where in (said, log.read_text(), stderr.read_text()):
        assert SECRET not in where


def _command(wire: Wire, name: str, *arguments: Any) -> Any:
    return wire.call("workspace/executeCommand", {"command": f"partway.{name}", "arguments": list(arguments)})
