"""Resume migrations in the editor: the lens, the code action, the new file, and what is asked and said on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.client import CLIENTS, Editor, at, capabilities
from tests.lsp.halfway import NAME, Watching, command, half_way, lenses, run, shown

pytestmark = pytest.mark.asyncio(loop_scope="function")
RESUME = "migrations/001_roles_resume.sql"
LENS = "Generate resume migration"


class Making(Watching):
    """An editor that makes files, and answers a question as it is told."""

    def __init__(self, answer: str | None = None) -> None:
        super().__init__()
        self.applied: list[types.WorkspaceEdit] = []
        self.opened: list[str] = []
        self.asked: list[str] = []

        def apply(ls: Making, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
            ls.applied.append(params.edit)
            return types.ApplyWorkspaceEditResult(applied=True)

        def show(ls: Making, params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            ls.opened.append(params.uri)
            return types.ShowDocumentResult(success=True)

        def ask(ls: Making, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            ls.asked.append(params.message)
            return types.MessageActionItem(answer) if answer is not None else None

        features: dict[str, Callable[[Making, Any], Any]] = {
            types.WORKSPACE_APPLY_EDIT: apply,
            types.WINDOW_SHOW_DOCUMENT: show,
            types.WINDOW_SHOW_MESSAGE_REQUEST: ask,
        }
        for name, handler in features.items():
            self.protocol.fm._features.pop(name, None)
            self.feature(name)(handler)

    def text(self, edit: types.WorkspaceEdit) -> str:
        """What an edit writes into the file that it makes."""
        create, insert = (edit.document_changes or [])[:2]
        assert isinstance(create, types.CreateFile)
        assert isinstance(insert, types.TextDocumentEdit)
        [written] = insert.edits
        assert isinstance(written, types.TextEdit)
        return written.new_text


async def making(
    name: str, folder: Path, client: Making, settings: dict[str, Any] | None = None, *, creates: bool = True
) -> Editor:
    """Start an editor that may make files."""
    capable = capabilities(name)
    assert capable.workspace is not None
    operations = [types.ResourceOperationKind.Create] if creates else []
    capable.workspace.workspace_edit = types.WorkspaceEditClientCapabilities(
        document_changes=True, resource_operations=operations
    )
    capable.workspace.apply_edit = True
    capable.window = types.WindowClientCapabilities(
        show_document=types.ShowDocumentClientCapabilities(support=True)
    )
    editor = await Editor.start(name, folder, capable=capable, settings=settings or {}, client=client)
    await editor.configured()
    return editor


async def _actions(editor: Editor, uri: str) -> list[str]:
    """The titles of what is offered where the migration stopped."""
    context = types.CodeActionContext([])
    params = types.CodeActionParams(types.TextDocumentIdentifier(uri), at(3, 0), context)
    return [one.title for one in await editor.client.text_document_code_action_async(params) or []]


@pytest.mark.parametrize("name", CLIENTS)
async def test_the_lens_makes_the_file_which_completes_the_migration(name: str, folder: Path) -> None:
    text = half_way(folder)
    client = Making()
    editor = await making(name, folder, client, {"database": "dev"})
    uri = editor.open(NAME, text)
    await shown(editor, uri, "2 to 3")
    assert LENS in await lenses(editor, uri)
    said = await command(editor, "resume", {"uri": uri})
    assert (said["uri"], said["opened"]) == (editor.uri(RESUME), True)
    [edit] = client.applied
    assert client.text(edit) == said["text"]
    assert client.opened == [editor.uri(RESUME)]
    assert client.asked == []  # the rows of a table of its own show whether it was filled
    assert "Save the resume migration" in client.messages[-1].message
    with closing(sqlite3.connect(folder / "dev.db")) as database:
        database.executescript(said["text"])
        assert database.execute("SELECT name FROM roles").fetchall() == [("admin",)]
    editor.save(uri)
    assert await shown(editor, uri, "5 of 5") == ["5 of 5 applied on dev", "Refresh"]
    refused = await command(editor, "resume", {"uri": uri})
    assert refused["refused"].startswith("nothing to resume")
    assert await editor.stop() == 0


async def test_the_action_is_there_while_the_migration_is_half_way(folder: Path) -> None:
    text = half_way(folder)
    client = Making()
    editor = await making("visual-studio-code", folder, client, {"database": "dev"})
    uri = editor.open(NAME, text)
    await shown(editor, uri, "2 to 3")
    assert LENS in await _actions(editor, uri)
    run(folder / "dev.db", "DROP TABLE roles", "ALTER TABLE users DROP COLUMN role_id")
    editor.save(uri)
    await shown(editor, uri, "not applied")
    assert LENS not in await _actions(editor, uri)
    assert await editor.stop() == 0


@pytest.mark.parametrize(
    ("answer", "rows"), [("It has run", [(1,)]), ("It has not run", [(2,)]), (None, [(1,)])]
)
async def test_what_only_a_person_knows_is_asked(
    answer: str | None, rows: list[tuple[int]], folder: Path
) -> None:
    half_way(folder)
    run(folder / "dev.db", "CREATE TABLE counts (n INTEGER)", "INSERT INTO counts VALUES (1)")
    text = (
        "ALTER TABLE users ADD COLUMN role_id INTEGER;\nUPDATE counts SET n = n + 1;\n"
        "CREATE INDEX users_role ON users (role_id);\n"
    )
    client = Making(answer)
    editor = await making("neovim", folder, client, {"database": "dev"})
    uri = editor.open(NAME, text)
    await shown(editor, uri, "1 to 2 of 3")
    said = await command(editor, "resume", {"uri": uri})
    [asked] = client.asked
    assert "update counts" in asked
    if answer is None:
        assert "refused" in said
        assert client.applied == []
    else:
        with closing(sqlite3.connect(folder / "dev.db")) as database:
            database.executescript(said["text"])
            assert database.execute("SELECT n FROM counts").fetchall() == rows
    assert await editor.stop() == 0


async def test_a_file_that_is_there_is_left_alone(folder: Path) -> None:
    text = half_way(folder)
    client = Making()
    editor = await making("neovim", folder, client, {"database": "dev"})
    uri = editor.open(NAME, text)
    await shown(editor, uri, "2 to 3")
    editor.write(RESUME, "-- mine\n")
    said = await command(editor, "resume", {"uri": uri})
    assert said["opened"] is False
    assert client.applied == []
    assert "is there already" in client.messages[-1].message
    assert await editor.stop() == 0


async def test_an_editor_that_makes_no_files_gets_the_text(folder: Path) -> None:
    text = half_way(folder)
    client = Making()
    editor = await making("neovim", folder, client, {"database": "dev"}, creates=False)
    uri = editor.open(NAME, text)
    await shown(editor, uri, "2 to 3")
    said = await command(editor, "resume", {"uri": uri})
    assert (said["path"], said["opened"]) == (str(folder / RESUME), False)
    assert said["text"].startswith("-- Finishes 001_roles.sql")
    assert "this editor makes no files" in client.messages[-1].message
    assert await editor.stop() == 0


async def test_without_a_database_everything_is_guarded(folder: Path) -> None:
    half_way(folder)
    (folder / "partway.toml").write_text('tool = "sql"\ndialect = "postgresql"\n')
    client = Making()
    editor = await making("neovim", folder, client)
    uri = editor.open(NAME, "CREATE TABLE roles (id int);\nALTER TABLE users ADD COLUMN role_id int;\n")
    said = await command(editor, "resume", {"uri": uri})
    assert "CREATE TABLE IF NOT EXISTS roles" in said["text"]
    assert "ADD COLUMN IF NOT EXISTS role_id" in said["text"]
    assert await editor.stop() == 0


async def test_a_database_that_is_away_is_told_once(folder: Path) -> None:
    text = half_way(folder)
    client = Making()
    editor = await making("neovim", folder, client, {"database": "dev"})
    uri = editor.open(NAME, text)
    await shown(editor, uri, "2 to 3")
    (folder / "dev.db").unlink()
    said = await command(editor, "resume", {"uri": uri})
    assert "there is no file" in said["refused"]
    assert client.applied == []
    assert await command(editor, "resume", {"uri": editor.uri("nowhere.sql")}) is not None
    assert await editor.stop() == 0
