"""Settings and configuration: asked for, sent, changed in the editor and on disk, broken and mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.client import CLIENTS, Client, Editor, capabilities
from tests.lsp.samples import MYSQL

pytestmark = pytest.mark.asyncio(loop_scope="function")
A = "db/migration/V1__a.sql"
#: Flyway runs it in one transaction on PostgreSQL, so there is nothing to say; MySQL commits as it goes.
PLAIN = "CREATE TABLE a (id int);\nALTER TABLE a ADD COLUMN b int;\n"


async def _configure(editor: Editor, settings: Any) -> None:
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
    await editor.configured()


async def _changed(editor: Editor, name: str) -> None:
    editor.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams([types.FileEvent(editor.uri(name), types.FileChangeType.Changed)])
    )
    await editor.configured()


@pytest.mark.parametrize("name", CLIENTS)
async def test_settings_are_asked_for(name: str, folder: Path) -> None:
    editor = await Editor.start(name, folder, settings={"dialect": "mysql"})
    await editor.configured()
    uri = editor.open(A, PLAIN)
    await editor.configured()
    assert "unguarded-create" in await editor.codes(uri)
    editor.client.set_configuration({"partway": {"dialect": "postgresql"}})
    await _configure(editor, None)
    if editor.pulls:
        assert editor.client.diagnostic_refresh_count > 0
    assert await editor.codes(uri) == []
    editor.client.set_configuration({"partway": {"dialect": "mysql", "lint": {"ignore": ["idempotency"]}}})
    await _configure(editor, {"settings": {}})
    assert "unguarded-create" not in await editor.codes(uri)
    assert "half-done-possible" in await editor.codes(uri)
    editor.client.set_configuration({"partway": {"dialect": "mysql", "lint": {"select": ["unguarded-add"]}}})
    await _configure(editor, None)
    assert await editor.codes(uri) == ["unguarded-add"]
    assert await editor.stop() == 0


@pytest.mark.parametrize("form", [{"partway": {"dialect": "mysql"}}, {"dialect": "mysql"}])
async def test_settings_are_taken_as_sent(form: dict[str, Any], folder: Path) -> None:
    """By editors that cannot be asked."""
    capable = capabilities("neovim")
    assert capable.workspace is not None
    capable.workspace.configuration = False
    editor = await Editor.start("neovim", folder, capable=capable)
    uri = editor.open(A, PLAIN)
    assert await editor.codes(uri) == []
    await _configure(editor, form)
    assert "unguarded-create" in await editor.codes(uri)
    everything: list[Any] = [None, [], "x", 7, {"partway": None}]
    for nonsense in everything:
        await _configure(editor, nonsense)
        assert editor.client.error is None
    assert await editor.stop() == 0


async def test_settings_that_are_sent_count_where_asking_brings_nothing(folder: Path) -> None:
    """Neovim answers with null where the user has set nothing under this name, yet may send settings by hand."""
    editor = await Editor.start("neovim", folder)
    uri = editor.open(A, PLAIN)
    await _configure(editor, {"partway": {"dialect": "mysql"}})
    assert "unguarded-create" in await editor.codes(uri)
    assert await editor.stop() == 0


@pytest.mark.parametrize("form", [{"dialect": "mysql"}, {"settings": {"dialect": "mysql"}}])
async def test_settings_may_come_with_the_first_message(form: dict[str, Any], folder: Path) -> None:
    editor = await Editor.start("neovim", folder, options=form)
    uri = editor.open(A, PLAIN)
    assert "unguarded-create" in await editor.codes(uri)
    assert await editor.stop() == 0


async def test_wrong_settings_are_named_and_the_others_used(folder: Path) -> None:
    settings = {"dialect": "oracel", "serverVersion": "new", "lint": {"ignore": "x"}, "transaction": "none"}
    editor = await Editor.start("visual-studio-code", folder, settings=settings)
    await editor.configured()
    uri = editor.open(A, PLAIN)
    await editor.configured()
    said = [one.message for one in editor.client.messages]
    assert len(said) == 3, said
    for key in ("partway.dialect", "partway.serverVersion", "partway.lint.ignore"):
        assert any(key in one for one in said)
    assert "unguarded-create" in await editor.codes(uri), "each statement on its own was set"
    assert await editor.stop() == 0


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_changed_configuration_counts_at_once(name: str, folder: Path) -> None:
    editor = await Editor.start(name, folder)
    await editor.configured()
    if name.startswith("visual-studio-code"):
        [files] = [one for one in editor.client.registered if one.method == "workspace/didChangeWatchedFiles"]
        options: Any = files.register_options
        globs = {one["globPattern"] for one in options["watchers"]}
        assert globs >= {"**/partway.toml", "**/pyproject.toml", "**/alembic.ini", "**/database.yml"}
    uri = editor.open(A, PLAIN)
    assert await editor.codes(uri) == []
    editor.write("partway.toml", 'dialect = "mysql"\n')
    await _changed(editor, "partway.toml")
    assert "unguarded-create" in await editor.codes(uri)
    (folder / "partway.toml").unlink()
    editor.write("pyproject.toml", '[tool.partway]\ndialect = "mysql"\nignore = ["unguarded-create"]\n')
    await _changed(editor, "pyproject.toml")
    codes = await editor.codes(uri)
    assert "unguarded-create" not in codes
    assert "unguarded-add" in codes
    assert await editor.stop() == 0


async def test_a_configuration_saved_in_the_editor_counts_too(folder: Path) -> None:
    """Neovim watches no files unless told to, but says what it has saved."""
    editor = await Editor.start("neovim", folder)
    uri = editor.open(A, PLAIN)
    toml = editor.open("partway.toml", "", language="toml")
    for name, content in (("partway.toml", 'dialect = "mysql"\n'), ("flyway.toml", "\n")):
        editor.save(editor.write(name, content))
        await editor.configured()
    assert "unguarded-create" in await editor.codes(uri)
    editor.close(toml)
    assert await editor.stop() == 0


async def test_what_a_migration_beside_it_says_counts_once_saved(folder: Path) -> None:
    text = "ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0) NOT VALID;\n"
    editor = await Editor.start("neovim", folder, settings={"dialect": "postgresql"})
    await editor.configured()
    editor.write(A, text)
    uri = editor.open(A, text)
    assert "never-validated-constraint" in await editor.codes(uri)
    other = "ALTER TABLE a VALIDATE CONSTRAINT c;\n"
    beside = editor.open("db/migration/V2__b.sql", other)
    editor.write("db/migration/V2__b.sql", other)
    editor.save(beside)
    for _ in range(50):
        await editor.configured()
        if "never-validated-constraint" not in await editor.codes(uri):
            break
    assert "never-validated-constraint" not in await editor.codes(uri)
    assert await editor.stop() == 0


@pytest.mark.parametrize(
    "broken", ["dialect = \n", 'dialect = "oracel"\n', "colour = 1\n", 'ignore = ["unguarded-crate"]\n']
)
@pytest.mark.parametrize("name", CLIENTS)
async def test_a_broken_configuration_is_told_once(name: str, broken: str, folder: Path) -> None:
    (folder / "partway.toml").write_text(broken)
    editor = await Editor.start(name, folder)
    uri = editor.open(A, MYSQL)
    other = editor.open("db/migrations/002_b.sql", MYSQL)
    for _ in range(3):
        await editor.diagnostics(uri)
        await editor.diagnostics(other)
        editor.change(uri, MYSQL + "\n")
        await _changed(editor, "database.yml")
    assert "unguarded-create" in await editor.codes(uri), "what needs no configuration is still said"
    [told] = [one.message for one in editor.client.messages]
    assert "partway.toml" in told
    editor.write("partway.toml", 'ignore = ["unguarded-create"]\n')
    await _changed(editor, "partway.toml")
    assert "unguarded-create" not in await editor.codes(uri)
    editor.write("partway.toml", broken)
    await _changed(editor, "partway.toml")
    assert "unguarded-create" in await editor.codes(uri)
    assert len(editor.client.messages) == 2, "broken again after it was mended: said again"
    assert await editor.stop() == 0


async def test_an_editor_that_refuses_registrations_still_has_its_settings_asked_for(folder: Path) -> None:
    client = Client()
    client.refuses_registration = True
    editor = await Editor.start("visual-studio-code", folder, settings={"dialect": "mysql"}, client=client)
    uri = editor.open(A, PLAIN)
    await editor.configured()
    assert "unguarded-create" in await editor.codes(uri)
    assert await editor.stop() == 0


async def test_the_configuration_excludes_and_includes(folder: Path) -> None:
    (folder / "partway.toml").write_text(
        'exclude = ["old"]\ninclude = ["setup/*.sql"]\n[per-file-ignores]\n"b.sql" = ["unguarded-create"]\n'
    )
    editor = await Editor.start("neovim", folder)
    assert await editor.codes(editor.open("old/migrations/001_a.sql", MYSQL)) == []
    assert "unguarded-create" in await editor.codes(editor.open("setup/tables.sql", MYSQL))
    assert "unguarded-create" in await editor.codes(editor.open("db/migrations/002_BIG.SQL", MYSQL))
    assert "unguarded-create" not in await editor.codes(editor.open("db/migrations/b.sql", MYSQL))
    assert await editor.stop() == 0
