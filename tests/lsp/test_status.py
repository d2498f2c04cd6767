"""What a database says, in the editor: lenses, hints, hover and diagnostics, asked in the background."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.cli.helper import partway
from tests.lsp.client import CLIENTS, Editor, at
from tests.lsp.halfway import (
    NAME,
    STATES,
    command,
    half_way,
    hints,
    labels,
    lenses,
    run,
    shown,
    until,
    watching,
)

pytestmark = pytest.mark.asyncio(loop_scope="function")
POINT = "2 to 3 of 5 applied on dev, not seen whether inserting into roles ran"
APPLIED = ["✓ applied"] * 3
LIVE = ("half-applied", "state-different", "state-invalid")


async def _none(editor: Editor, uri: str) -> bool:
    return not set(LIVE) & set(await editor.codes(uri))


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_half_applied_migration(name: str, folder: Path) -> None:
    text = half_way(folder)
    editor, client = await watching(name, folder, {"database": "dev"})
    uri = editor.open(NAME, text)
    assert await shown(editor, uri, "2 to 3") == [POINT, "Generate resume migration", "Refresh"]
    found = await hints(editor, uri)
    assert [one.label for one in found] == STATES
    lines = text.splitlines()
    # Behind what ends on its line, at the end of the first line of what does not.
    assert [(one.position.line, one.position.character) for one in found] == [
        (line, len(lines[line])) for line in (1, 2, 3, 4, 5)
    ]
    tooltip = found[3].tooltip
    assert isinstance(tooltip, types.MarkupContent)
    assert "index users.users\\_role is not there" in tooltip.value
    assert "```sql" in tooltip.value
    assert [one.label for one in await hints(editor, uri, 3)] == STATES[:2]
    hover = await editor.hover(uri, 4, 3)
    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert hover.contents.value.startswith("**pending** on dev: index users.users\\_role is not there")
    assert "**create-index**" in hover.contents.value

    async def found_live() -> list[types.Diagnostic]:
        return [one for one in await editor.diagnostics(uri) if one.code in LIVE]

    [half] = await until("the diagnostic", found_live)
    assert (half.code, half.severity, half.source) == (
        "half-applied",
        types.DiagnosticSeverity.Warning,
        "partway",
    )
    assert half.range.start.line == 3
    assert "001_roles" in half.message
    assert {"lens", "hint"} <= set(client.refreshed)
    if editor.pulls:
        assert client.diagnostic_refresh_count > 0
    assert [one.state for one in client.said] == ["chosen", "asking", "answering"]
    [token] = client.tokens
    assert [one["kind"] for one in client.progressed[token]] == ["begin", "end"]
    assert client.messages == []
    assert await editor.stop() == 0


async def test_nothing_is_asked_until_a_database_is_chosen(folder: Path) -> None:
    text = half_way(folder)
    editor, client = await watching("neovim", folder)
    uri = editor.open(NAME, text)
    assert await lenses(editor, uri) == ["Choose database..."]
    assert await labels(editor, uri) == []
    assert client.said == []
    known = await command(editor, "databases", {"uri": uri})
    assert [(one["name"], one["source"], one["chosen"]) for one in known] == [("dev", "partway.toml", False)]
    assert known[0]["address"].startswith("sqlite:///")
    assert await command(editor, "useDatabase", "dev") == "dev"
    await shown(editor, uri, "2 to 3")
    [one] = await command(editor, "databases")
    assert one["chosen"]
    assert await command(editor, "useDatabase", None) is None
    assert await lenses(editor, uri) == ["Choose database..."]
    assert await labels(editor, uri) == []
    await until("no diagnostics of the database", lambda: _none(editor, uri))
    assert await editor.stop() == 0


async def test_no_lens_where_no_database_is_known(folder: Path) -> None:
    editor, _ = await watching("neovim", folder)
    uri = editor.open(NAME, half_way(folder).replace("sqlite", ""))
    (folder / "partway.toml").write_text('tool = "sql"\n')
    editor.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(
            [types.FileEvent(editor.uri("partway.toml"), types.FileChangeType.Changed)]
        )
    )
    assert await lenses(editor, uri) == []
    assert await command(editor, "databases") == []
    assert await editor.stop() == 0


async def test_a_save_asks_again(folder: Path) -> None:
    text = half_way(folder)
    editor, client = await watching("neovim", folder, {"database": "dev"})
    uri = editor.open(NAME, text)
    await shown(editor, uri, "2 to 3")
    run(folder / "dev.db", "CREATE INDEX users_role ON users (role_id)")
    editor.save(uri)
    await shown(editor, uri, "4 of 5 applied on dev, stopped before creating table grants")
    run(folder / "dev.db", "CREATE TABLE grants (role_id INTEGER NOT NULL, what TEXT NOT NULL)")
    editor.save(uri)
    assert await shown(editor, uri, "5 of 5") == ["5 of 5 applied on dev", "Refresh"]
    assert await labels(editor, uri) == ["✓ applied"] * 5
    await until("no diagnostics of the database", lambda: _none(editor, uri))
    # Another file in the same place is another database.
    (folder / "dev.db").unlink()
    run(folder / "dev.db", "CREATE TABLE users (id INTEGER PRIMARY KEY)")
    editor.save(uri)
    assert await shown(editor, uri, "not applied") == ["not applied on dev", "Refresh"]
    assert client.messages == []
    assert await editor.stop() == 0


@pytest.mark.parametrize("name", CLIENTS)
async def test_states_go_with_the_text_that_they_are_about(name: str, folder: Path) -> None:
    text = half_way(folder)
    run(folder / "dev.db", "CREATE INDEX users_role ON users (id)")
    editor, _ = await watching(name, folder, {"database": "dev"})
    uri = editor.open(NAME, text)
    await until("the answer", lambda: labels(editor, uri))
    assert await labels(editor, uri) == [*APPLIED, "≠ different", "○ pending"]

    async def different() -> list[types.Diagnostic]:
        return [one for one in await editor.diagnostics(uri) if one.code == "state-different"]

    before = await until("the diagnostic", different)
    assert [one.range.start.line for one in before] == [4]
    assert before[0].severity is types.DiagnosticSeverity.Error
    # A line above: everything moves along.
    editor.change(uri, (at(1, 0), "-- 🚀 more\n"))
    found = await hints(editor, uri)
    assert [one.position.line for one in found] == [2, 3, 4, 5, 6]
    assert [
        one.range.start.line for one in await editor.diagnostics(uri) if one.code == "state-different"
    ] == [5]
    assert "(before your changes)" in (await lenses(editor, uri))[0]
    # Another index: nobody has asked for that one.
    editor.change(uri, (at(5, 34, 5, 41), "id"))
    assert await labels(editor, uri) == [*APPLIED, "○ pending"]
    assert "state-different" not in await editor.codes(uri)
    # And back: what was said is true again.
    editor.change(uri, (at(5, 34, 5, 36), "role_id"))
    assert "state-different" in await editor.codes(uri)
    # A comment is no operation.
    editor.change(uri, (at(5, 0), "-- "))
    assert "state-different" not in await editor.codes(uri)
    assert await labels(editor, uri) == [*APPLIED, "○ pending"]
    assert await editor.stop() == 0


async def test_on_command_only(folder: Path) -> None:
    text = half_way(folder)
    editor, client = await watching("neovim", folder, {"database": "dev", "status": {"refresh": "onCommand"}})
    uri = editor.open(NAME, text)
    assert await lenses(editor, uri) == ["Ask dev what is applied"]
    editor.save(uri)
    await editor.configured()
    assert [one.state for one in client.said] == ["chosen"]
    said = await command(editor, "refreshStatus", {"uri": uri})
    assert said["half_way"] is True
    assert [one["state"] for one in said["operations"]] == [one[2:] for one in STATES]
    assert (await lenses(editor, uri))[0] == POINT
    await command(editor, "showStatus", {"uri": uri})
    [message] = client.messages
    assert message.type is types.MessageType.Info
    assert message.message.startswith("Partway: 001_roles created table roles")
    assert await editor.stop() == 0


async def test_an_untrusted_workspace_is_left_alone(folder: Path) -> None:
    text = half_way(folder)
    options: Any = {"trusted": False}
    editor, client = await watching("neovim", folder, {"database": "dev"}, options=options)
    uri = editor.open(NAME, text)
    assert await lenses(editor, uri) == []
    assert await command(editor, "databases") == []
    assert await command(editor, "useDatabase", "dev") is None
    assert await command(editor, "refreshStatus", {"uri": uri}) is None
    assert await labels(editor, uri) == []
    assert {one.state for one in client.said} <= {"untrusted"}
    assert client.messages == []
    assert await editor.stop() == 0


async def test_a_document_that_is_no_migration(folder: Path) -> None:
    half_way(folder)
    editor, client = await watching("neovim", folder, {"database": "dev"})
    uri = editor.open("report.sql", "SELECT 1;\n")
    assert await lenses(editor, uri) == []
    await editor.configured()
    assert [one.state for one in client.said] == ["chosen"]
    assert await editor.stop() == 0


async def test_the_whole_project(folder: Path) -> None:
    text = half_way(folder)
    editor, client = await watching("neovim", folder)
    editor.write(NAME, text)
    editor.write("migrations/002_orders.sql", "CREATE TABLE orders (id INTEGER PRIMARY KEY);\n")
    editor.write("migrations/010_later.sql", "CREATE TABLE later (id INTEGER PRIMARY KEY);\n")
    editor.write("report.sql", "SELECT 1;\n")
    assert await command(editor, "projectStatus") == {"database": None, "projects": []}
    await command(editor, "useDatabase", "dev")
    # What is typed counts, not what is on disk.
    editor.open("migrations/002_orders.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY);\n")
    found = await command(editor, "projectStatus")
    [project] = found["projects"]
    assert (project["root"], project["message"], project["troubles"]) == (str(folder), None, [])
    assert [(one["path"], one["half_way"]) for one in project["migrations"]] == [
        (NAME, True),
        ("migrations/010_later.sql", False),
        ("migrations/002_orders.sql", False),
    ]
    assert [one["state"] for one in project["migrations"][1]["operations"]] == ["pending"]
    first = project["migrations"][0]
    assert first["uri"] == editor.uri(NAME)
    assert [one["state"] for one in first["operations"]] == [one[2:] for one in STATES]
    assert [one["state"] for one in project["migrations"][2]["operations"]] == ["applied"]
    (folder / "dev.db").unlink()
    found = await command(editor, "projectStatus")
    [project] = found["projects"]
    assert project["migrations"] == []
    assert "there is no file" in project["message"]
    assert client.messages == []
    assert await editor.stop() == 0


async def test_what_the_tool_has_recorded_counts(folder: Path) -> None:
    """The tool's own table set against the catalog, in the lens, among the findings and over the whole project."""
    (folder / "partway.toml").write_text('dialect = "sqlite"\n[databases]\ndev = "sqlite:///dev.db"\n')
    users, roles = "db/migrations/20260101000000_users.sql", "db/migrations/20260215000000_roles.sql"
    text = (
        "-- migrate:up transaction:false\nCREATE TABLE roles (id INTEGER PRIMARY KEY);\n"
        "ALTER TABLE users ADD COLUMN role_id INTEGER;\n-- migrate:down\nDROP TABLE roles;\n"
    )
    run(
        folder / "dev.db",
        "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)",
        "INSERT INTO schema_migrations VALUES ('20260101000000')",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, later TEXT)",
        "CREATE TABLE roles (id INTEGER PRIMARY KEY)",
    )
    editor, _ = await watching("neovim", folder, {"database": "dev"})
    editor.write(users, "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY);\n")
    uri = editor.write(roles, text)
    editor.open(roles, text)
    await shown(editor, uri, "1 of 2 applied on dev, stopped before adding column users.role_id")
    found = await command(editor, "projectStatus")
    [project] = found["projects"]
    assert [(one["path"], one["half_way"]) for one in project["migrations"]] == [
        (roles, True),
        (users, False),
    ]
    assert project["migrations"][0]["history"]["verdict"] == "half-way"
    assert project["migrations"][0]["uri"] == uri
    # What is whole is not told of operation by operation, unless somebody asks.
    whole = project["migrations"][1]
    assert (whole["operations"], whole["operation_count"]) == (None, 1)
    said = await command(editor, "migrationStatus", {"uri": whole["uri"]})
    assert said["history"]["verdict"] == "complete"
    assert [(one["target"], one["state"]) for one in said["operations"]] == [("users", "applied")]
    assert await command(editor, "migrationStatus", {"uri": editor.uri("nowhere.sql")}) is None
    # The terminal says the same.
    for arguments, mine in (
        ((roles,), [await command(editor, "refreshStatus", {"uri": uri})]),
        ((), project["migrations"]),
    ):
        done = partway("status", *arguments, "--database", "dev", "--format", "json", cwd=folder)
        theirs = {one["path"]: one for one in json.loads(done.stdout)}
        assert {one["path"]: {k: v for k, v in one.items() if k != "uri"} for one in mine} == theirs
    # Somebody marks it as done, though it is not.
    run(folder / "dev.db", "INSERT INTO schema_migrations VALUES ('20260215000000')")
    editor.save(uri)
    [said, _, _] = await shown(editor, uri, "dev: ")
    assert "users.role_id is not there" in said

    async def half() -> list[types.Diagnostic]:
        return [one for one in await editor.diagnostics(uri) if one.code == "half-applied"]

    await until("what is recorded and missing", half)
    run(folder / "dev.db", "ALTER TABLE users ADD COLUMN role_id INTEGER")
    editor.save(uri)
    assert await shown(editor, uri, "2 of 2") == ["2 of 2 applied on dev, recorded", "Refresh"]
    run(folder / "dev.db", "DELETE FROM schema_migrations WHERE version = '20260215000000'")
    editor.save(uri)
    await shown(editor, uri, "2 of 2 applied on dev, not recorded")
    assert await editor.stop() == 0
