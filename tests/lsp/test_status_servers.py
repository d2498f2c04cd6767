"""Connections that the editor keeps: what they see, what they leave open on the server, and when they end."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from partway.config import Config, Database
from partway.live.sessions.session import Session
from partway.lsp.asking import Desk
from tests.engines.lab import Lab
from tests.engines.plugin import Labs
from tests.lsp.client import Editor
from tests.lsp.halfway import NAME, labels, shown, watching

pytestmark = [
    pytest.mark.asyncio(loop_scope="function"),
    pytest.mark.parametrize("engine", ["postgresql18", "mariadb"]),
]
TEXT = """CREATE TABLE roles (id bigint PRIMARY KEY);
ALTER TABLE users ADD COLUMN role_id bigint;
CREATE INDEX users_role ON users (role_id);
"""


def _ours(lab: Lab) -> list[str]:
    """The states of our sessions on the server."""
    if lab.dialect == "postgresql":
        return [
            str(state)
            for (state,) in lab.rows("SELECT state FROM pg_stat_activity WHERE application_name = 'partway'")
        ]
    rows = lab.rows(
        "SELECT command FROM information_schema.processlist WHERE id <> connection_id() AND db = 'partway_lab'"
    )
    return [str(state) for (state,) in rows]


async def _gone(lab: Lab, seconds: float) -> None:
    began = time.monotonic()
    while found := await asyncio.to_thread(_ours, lab):
        assert time.monotonic() - began < seconds, found
        await asyncio.sleep(0.1)


def _fresh(labs: Labs, engine: str) -> Lab:
    lab = labs(engine)
    lab.fresh()
    lab.execute("CREATE TABLE users (id bigint PRIMARY KEY)")
    return lab


def _desk(lab: Lab, idle: float) -> Desk:
    config = Config("/", databases=(Database("dev", "env:LAB_URL", statement=2.0),))
    return Desk("dev", config, idle)


async def test_a_kept_connection_sees_what_is_new(
    engine: str, labs: Labs, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = _fresh(labs, engine)
    monkeypatch.setenv("LAB_URL", lab.url)
    desk = _desk(lab, 1.5)

    def tables(session: Session) -> tuple[object, int]:
        who = "pg_backend_pid()" if session.dialect == "postgresql" else "connection_id()"
        query = (
            "SELECT count(*) FROM information_schema.tables"
            " WHERE table_schema IN ('public', 'partway_lab') AND table_name IN ('users', 'roles')"
        )
        return session.ask(f"SELECT {who}")[0][0], int(session.ask(query)[0][0])

    first, before = await desk.ask(tables)
    assert before == 1
    # Nothing is open on the server between two questions: no transaction holds anything back.
    assert await asyncio.to_thread(_ours, lab) in (["idle"], ["Sleep"])
    await asyncio.to_thread(lab.execute, "CREATE TABLE roles (id bigint PRIMARY KEY)")
    assert await desk.ask(tables) == (first, 2)
    await _gone(lab, 6)
    second, _ = await desk.ask(tables)
    assert second != first
    desk.close()
    await _gone(lab, 3)


async def test_a_question_that_is_given_up_leaves_the_server(
    engine: str, labs: Labs, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = _fresh(labs, engine)
    monkeypatch.setenv("LAB_URL", lab.url)
    desk = _desk(lab, 30)
    sleep = "SELECT pg_sleep(60)" if lab.dialect == "postgresql" else "SELECT SLEEP(60)"
    await desk.ask(lambda session: session.ask("SELECT 1"))
    task: asyncio.Task[Any] = asyncio.ensure_future(desk.ask(lambda session: session.ask(sleep)))
    await asyncio.sleep(0.5)
    task.cancel()
    # The server itself ends it, at the latest when the time for a statement is over.
    await _gone(lab, 6)
    desk.close()


async def test_a_connection_that_the_server_has_ended_is_replaced(
    engine: str, labs: Labs, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = _fresh(labs, engine)
    monkeypatch.setenv("LAB_URL", lab.url)
    desk = _desk(lab, 30)
    await desk.ask(lambda session: session.ask("SELECT 1"))
    if lab.dialect == "postgresql":
        lab.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'partway'")
    else:
        [(number,)] = lab.rows(
            "SELECT id FROM information_schema.processlist WHERE id <> connection_id() AND db = 'partway_lab'"
        )
        lab.execute(f"KILL {number}")
    assert await desk.ask(lambda session: session.ask("SELECT 2")) == [(2,)]
    desk.close()
    await _gone(lab, 3)


async def test_in_the_editor(engine: str, labs: Labs, folder: Path) -> None:
    lab = _fresh(labs, engine)
    lab.execute("CREATE TABLE roles (id bigint PRIMARY KEY)")
    (folder / "partway.toml").write_text('tool = "sql"\n[databases]\ndev = "env:LAB_URL"\n')
    started: tuple[Editor, Any] = await watching(
        "neovim", folder, {"database": "dev"}, env={"LAB_URL": lab.url}
    )
    editor, client = started
    uri = editor.open(NAME, TEXT)
    await shown(editor, uri, "1 of 3 applied on dev, stopped before adding column users.role_id")
    lab.execute("ALTER TABLE users ADD COLUMN role_id bigint", "CREATE INDEX users_role ON users (id)")
    editor.save(uri)
    await shown(editor, uri, "2 of 3")
    assert await labels(editor, uri) == ["✓ applied", "✓ applied", "≠ different"]
    assert client.messages == []
    assert await editor.stop() == 0
    await _gone(lab, 3)
