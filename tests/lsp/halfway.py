"""A project with a SQLite database in which a migration stopped half way, and an editor that can show it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from lsprotocol import types

from tests.lsp.client import Client, Editor, capabilities

NAME = "migrations/001_roles.sql"
TEXT = """-- Roles, and who has which.
CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
ALTER TABLE users ADD COLUMN role_id INTEGER;
INSERT INTO roles (name) VALUES ('admin');
CREATE INDEX users_role ON users (role_id);
CREATE TABLE grants (
  role_id INTEGER NOT NULL,
  what TEXT NOT NULL
);
"""
CONFIG = 'tool = "sql"\ndialect = "sqlite"\n[databases]\ndev = "sqlite:///dev.db"\n'
STATES = ["✓ applied", "✓ applied", "? unknown", "○ pending", "○ pending"]


def run(database: Path, *statements: str) -> None:
    """Run statements in a SQLite file, which is made where it is not there."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for one in statements:
            connection.execute(one)


def half_way(folder: Path) -> str:
    """Make the project: of the five operations the first two have run. The migration's text."""
    (folder / "partway.toml").write_text(CONFIG)
    run(
        folder / "dev.db",
        "CREATE TABLE users (id INTEGER PRIMARY KEY)",
        "CREATE TABLE roles (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
        "ALTER TABLE users ADD COLUMN role_id INTEGER",
    )
    return TEXT


class Watching(Client):
    """An editor that keeps what it is told about databases."""

    def __init__(self) -> None:
        super().__init__(_FEATURES)
        self.said: list[Any] = []
        self.refreshed: list[str] = []
        self.tokens: list[Any] = []


_FEATURES: dict[str, Callable[[Watching, Any], None]] = {
    "partway/status": lambda ls, said: ls.said.append(said),
    types.WORKSPACE_CODE_LENS_REFRESH: lambda ls, _: ls.refreshed.append("lens"),
    types.WORKSPACE_INLAY_HINT_REFRESH: lambda ls, _: ls.refreshed.append("hint"),
    types.WINDOW_WORK_DONE_PROGRESS_CREATE: lambda ls, params: ls.tokens.append(params.token),
}


async def watching(
    name: str, folder: Path, settings: dict[str, Any] | None = None, **more: Any
) -> tuple[Editor, Watching]:
    """Start an editor that shows lenses, hints and progress, and can be told to ask for them anew."""
    capable = capabilities(name)
    assert capable.workspace is not None
    capable.workspace.code_lens = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
    capable.workspace.inlay_hint = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    capable.window = types.WindowClientCapabilities(work_done_progress=True)
    client = Watching()
    editor = await Editor.start(name, folder, capable=capable, settings=settings or {}, client=client, **more)
    await editor.configured()
    return editor, client


async def lenses(editor: Editor, uri: str) -> list[str]:
    """The titles of a document's lenses."""
    found = await editor.client.text_document_code_lens_async(
        types.CodeLensParams(types.TextDocumentIdentifier(uri))
    )
    return [one.command.title for one in found or [] if one.command is not None]


async def hints(editor: Editor, uri: str, last: int = 10_000) -> list[types.InlayHint]:
    """A document's inlay hints, up to a line."""
    where = types.Range(types.Position(0, 0), types.Position(last, 0))
    params = types.InlayHintParams(types.TextDocumentIdentifier(uri), where)
    return list(await editor.client.text_document_inlay_hint_async(params) or [])


async def labels(editor: Editor, uri: str) -> list[str]:
    """What the hints of a document say."""
    return [str(one.label) for one in await hints(editor, uri)]


async def command(editor: Editor, name: str, *arguments: Any) -> Any:
    """Run one of the server's commands."""
    return await editor.client.workspace_execute_command_async(
        types.ExecuteCommandParams(f"partway.{name}", list(arguments))
    )


async def until(what: str, probe: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until a probe, which may be awaited, finds something."""
    for _ in range(int(seconds / 0.05)):
        found = probe()
        found = await found if asyncio.iscoroutine(found) else found
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain: {what}")


async def shown(editor: Editor, uri: str, beginning: str) -> list[str]:
    """Wait until a document has a lens that begins so; the lenses."""

    async def probe() -> list[str]:
        found = await lenses(editor, uri)
        return found if any(one.startswith(beginning) for one in found) else []

    found: list[str] = await until(f"a lens {beginning!r}", probe)
    return found
