"""The whole workspace: reports in portions, progress, cancellation, what is unchanged and what is gone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.cli.helper import partway
from tests.lsp.client import Editor
from tests.lsp.samples import MYSQL
from tests.lsp.wire import Wire

PULLING = "visual-studio-code-pulling"


def _fill(folder: Path, count: int) -> None:
    (folder / ".git").mkdir(parents=True, exist_ok=True)
    migrations = folder / "db/migrations"
    migrations.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (migrations / f"{number:05}_t.sql").write_text(MYSQL.replace(" a ", f" t{number} "))


async def _ask(editor: Editor, known: dict[str, str] | None = None, **more: Any) -> list[Any]:
    params = types.WorkspaceDiagnosticParams(
        [types.PreviousResultId(uri, value) for uri, value in (known or {}).items()],
        identifier="partway",
        **more,
    )
    return list((await editor.client.workspace_diagnostic_async(params)).items)


def _ids(reports: list[Any]) -> dict[str, str]:
    return {one.uri: one.result_id for one in reports if one.result_id}


@pytest.mark.asyncio(loop_scope="function")
async def test_every_migration_is_reported_as_the_command_line_has_it(tmp_path: Path) -> None:
    folder = tmp_path / "c# 100%25 ü"
    _fill(folder, 7)
    (folder / "notes.sql").write_text("SELECT 1;\n")
    (folder / "node_modules/x/migrations").mkdir(parents=True)
    (folder / "node_modules/x/migrations/001_a.sql").write_text(MYSQL)
    (folder / ".gitignore").write_text("ignored/\n")
    (folder / "ignored/migrations").mkdir(parents=True)
    (folder / "ignored/migrations/001_a.sql").write_text(MYSQL)
    (folder / "db/migrations/bad.sql").write_bytes(b"\xff\xfe\xfd\x00 CREATE")
    editor = await Editor.start(PULLING, folder)
    reports = await _ask(editor)
    listed = json.loads(partway("lint", "--format", "json", ".", cwd=folder).stdout)
    assert {one.uri for one in reports if one.items} == {(folder / one["path"]).as_uri() for one in listed}
    assert sum(len(one.items) for one in reports) == len(listed)
    assert all(one.version is None for one in reports)
    assert await editor.stop() == 0


@pytest.mark.asyncio(loop_scope="function")
async def test_only_what_has_changed_is_sent_again(tmp_path: Path) -> None:
    _fill(tmp_path, 5)
    editor = await Editor.start(PULLING, tmp_path)
    known = _ids(await _ask(editor))
    assert len(known) == 5
    first, second, third, *_ = sorted((tmp_path / "db/migrations").iterdir())
    first.write_text("CREATE TABLE IF NOT EXISTS t0 (id int) ENGINE = InnoDB;\n")
    second.unlink()
    uri = editor.open(third.as_uri(), MYSQL + "DROP TABLE x;\n")
    reports = {one.uri: one for one in await _ask(editor, known)}
    assert [one.kind for one in reports.values()].count("unchanged") == 2
    assert not reports[first.as_uri()].items
    assert not reports[second.as_uri()].items, "what is gone has no findings"
    assert reports[uri].version == 1, "the text in the editor counts"
    assert "unguarded-drop" in [one.code for one in reports[uri].items]
    others = _ids([one for one in reports.values() if one.uri != uri])
    assert second.as_uri() not in {one.uri for one in await _ask(editor, others)}
    (tmp_path / "partway.toml").write_text('exclude = ["db"]\n')
    editor.client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(
            [types.FileEvent(editor.uri("partway.toml"), types.FileChangeType.Created)]
        )
    )
    reports = {one.uri: one for one in await _ask(editor, known)}
    assert not [one for one in reports.values() if one.items], (
        "what is excluded now has no findings any longer"
    )
    assert set(reports) >= {one.as_uri() for one in (tmp_path / "db/migrations").iterdir()} - {uri}
    assert await editor.stop() == 0


@pytest.mark.parametrize("told", ["saved", "settings", "not at all"])
@pytest.mark.asyncio(loop_scope="function")
async def test_the_request_stays_open_until_something_has_changed(tmp_path: Path, told: str) -> None:
    """An editor asks again as soon as it has its answer."""
    _fill(tmp_path, 5)
    editor = await Editor.start(PULLING, tmp_path)
    known = _ids(await _ask(editor))
    asked = asyncio.ensure_future(_ask(editor, known, work_done_token="work", partial_result_token="part"))
    await asyncio.wait([asked], timeout=1)
    assert not asked.done()
    assert "part" not in editor.client.partial
    assert [_kind(one) for one in editor.client.progressed["work"]][-1] == "end", (
        "nothing goes on for the user"
    )
    path = tmp_path / "db/migrations/00002_t.sql"
    uri = editor.open(path.as_uri(), path.read_text())
    await editor.diagnostics(uri)
    assert not asked.done(), "an open document is as it was on disk"
    if told == "settings":
        editor.client.set_configuration({"partway": {"lint": {"ignore": ["all"]}}})
        editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams({}))
    else:
        editor.close(uri)
        path.write_text("CREATE TABLE IF NOT EXISTS t2 (id int) ENGINE = InnoDB;\n")
    if told == "saved":
        editor.save(uri)
    assert await asyncio.wait_for(asked, 20) == [], "all of it went out in portions"
    sent = {one["uri"]: one for value in editor.client.partial["part"] for one in value["items"]}
    assert sent[uri]["kind"] == "full"
    assert sent[uri]["items"] == []
    assert len(sent) == 5
    assert [_kind(one) for one in editor.client.progressed["work"]].count("end") == 1
    assert await editor.stop() == 0


def test_a_request_that_stays_open_can_be_cancelled_and_does_not_keep_the_server(tmp_path: Path) -> None:
    _fill(tmp_path, 3)
    with Wire(cwd=tmp_path) as wire:
        wire.initialize(tmp_path, _PULLING)
        reports = wire.call("workspace/diagnostic", {"previousResultIds": []})["items"]
        known = {"previousResultIds": [{"uri": one["uri"], "value": one["resultId"]} for one in reports]}
        number = wire.ask("workspace/diagnostic", known)
        wire.notify("$/cancelRequest", {"id": number})
        assert wire.answer(number)["error"]["code"] == -32800
        number = wire.ask("workspace/diagnostic", known)
        wire.call("textDocument/diagnostic", {"textDocument": {"uri": "file:///x.sql"}})
        assert number not in wire.answers
        assert wire.shutdown() == 0


@pytest.mark.asyncio(loop_scope="function")
async def test_progress_and_portions(tmp_path: Path) -> None:
    _fill(tmp_path, 130)
    editor = await Editor.start(PULLING, tmp_path)
    items = await _ask(editor, work_done_token="work", partial_result_token="part")
    assert items == [], "all of it went out in portions"
    await editor.settled()
    sent = [one for value in editor.client.partial["part"] for one in value["items"]]
    assert len(sent) == 130
    assert len(editor.client.partial["part"]) > 3
    kinds = [_kind(one) for one in editor.client.progressed["work"]]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert kinds.count("report") > 3
    assert kinds.count("begin") == kinds.count("end") == 1
    assert await editor.stop() == 0


@pytest.mark.parametrize("how", ["request", "progress"])
def test_it_can_be_cancelled(tmp_path: Path, how: str) -> None:
    _fill(tmp_path, 1200)
    with Wire(cwd=tmp_path) as wire:
        wire.initialize(tmp_path, _PULLING)
        number = wire.ask(
            "workspace/diagnostic", {"previousResultIds": [], "workDoneToken": "w", "partialResultToken": "p"}
        )
        wire.wait(lambda: any(_partial(one) for one in wire.said))
        if how == "request":
            wire.notify("$/cancelRequest", {"id": number})
        else:
            wire.notify("window/workDoneProgress/cancel", {"token": "w"})
        answer = wire.answer(number)
        if how == "request":
            assert answer["error"]["code"] == -32800
        else:
            assert "error" not in answer
        wire.call("shutdown")
        reported = sum(len(_partial(one)) for one in wire.said)
        assert 0 < reported < 1200
        kinds = [one["params"]["value"].get("kind") for one in wire.said if one["method"] == "$/progress"]
        assert kinds.count("end") == 1
        wire.notify("exit")
        assert wire.process.wait(20) == 0


def test_typing_goes_on_while_thousands_are_read(tmp_path: Path) -> None:
    """What is typed is answered between two portions, not after the last one."""
    _fill(tmp_path, 5000)
    with Wire(cwd=tmp_path) as wire:
        wire.initialize(tmp_path, _PULLING)
        uri = (tmp_path / "db/migrations/typed.sql").as_uri()
        wire.open(uri, MYSQL)
        number = wire.ask("workspace/diagnostic", {"previousResultIds": [], "workDoneToken": "w"})
        wire.wait(lambda: any(one["method"] == "$/progress" for one in wire.said))
        typed = 0
        for version in range(2, 40):
            if number in wire.answers:
                break
            wire.change(uri, version, {"text": MYSQL + "DROP TABLE x;\n" * version})
            report = wire.call("textDocument/diagnostic", {"textDocument": {"uri": uri}})
            codes = [one["code"] for one in report["items"]]
            assert "unguarded-drop" in codes
            typed += number not in wire.answers
        assert typed >= 20
        answer = wire.answer(number, 240)
        assert len([one for one in answer["result"]["items"] if one["items"]]) >= 5000
        assert wire.shutdown() == 0


@pytest.mark.asyncio(loop_scope="function")
async def test_folders_come_and_go(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    _fill(first, 2)
    _fill(second, 3)
    editor = await Editor.start(PULLING, first)
    known = _ids(await _ask(editor))
    assert len(known) == 2
    change = types.WorkspaceFoldersChangeEvent(
        added=[types.WorkspaceFolder(second.as_uri(), "second")],
        removed=[types.WorkspaceFolder(first.as_uri(), "first")],
    )
    editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(change))
    assert {Path(one.uri).parts[-4] for one in await _ask(editor)} == {"second"}
    await asyncio.sleep(0)
    assert await editor.stop() == 0


_PULLING = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
    "window": {"workDoneProgress": True},
}


def _partial(message: dict[str, Any]) -> list[Any]:
    value = message["params"].get("value") if message["method"] == "$/progress" else None
    return list(value.get("items", [])) if isinstance(value, dict) else []


def _kind(value: Any) -> str:
    return str(value["kind"] if isinstance(value, dict) else value.kind)
